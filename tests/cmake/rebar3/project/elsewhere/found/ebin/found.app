{application, found, [{description, "In a folder of lib_dirs"}, {vsn, "4.5"}, {modules, []}, {registered, []},
    {applications, [kernel, stdlib]}]}.
