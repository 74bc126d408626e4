# expect: beam_add_application\(lib\): there is no folder .*/rel/src. SOURCE_DIR is the folder that holds
beam_add_application(lib SOURCE_DIR rel)
