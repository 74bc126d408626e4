{application, xmerl,
 [{description, "XML"}, {vsn, "1.3.30"}, {modules, [xmerl]},
  {registered, []}, {applications, [kernel, stdlib]}]}.
