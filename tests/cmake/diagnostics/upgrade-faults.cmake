# Many calls in one run: a fault is told, and the next call is read.
# expect: beam_add_upgrade\(no_release\): RELEASE is missing
# expect: beam_add_upgrade\(no_from\): FROM is missing
# expect: beam_add_upgrade\(no_value\): APPUP_DIR is followed by no value
# expect: beam_add_upgrade\(taken\): there is a target of this name already
# expect: beam_add_upgrade\(bare\): the release 'runtimeless' has ERTS none: .* Give that release a runtime
# expect: beam_add_upgrade\(missing\): MISSING_APPUP is 'genrate', and must be one of: generate, error. Did you mean 'generate'
# expect: beam_add_upgrade\(appups\): APPUP_DIR names 'rel/appup', and there is no folder .*/rel/appup. Make it, or leave APPUP_DIR out
# expect: beam_add_upgrade\(output\): OUTPUT_NAME is 'dist/x.tar.gz', and must be a file's name that ends with .tar.gz
# expect: beam_add_upgrade\(folder\): FROM names 'rel', which is a folder; the archive of a release is needed
# expect: beam_add_upgrade\(itself\): FROM names 'rel_a', which is what RELEASE names
# expect: beam_add_upgrade\(typo\): FROM names 'rel_b', which is neither an archive nor a target .* Did you mean 'rel_a'
# expect: beam_add_upgrade\(lower\): FROM names 'rehearse', which is neither .* Keywords are: .*REHEARSE
# expect: beam_add_upgrade\(two\): FROM names './x.tar.gz' twice
# expect: beam_add_upgrade\(load\): LOAD is given, and REHEARSE is not. Add REHEARSE, or leave LOAD out
# expect: beam_add_upgrade\(probe\): PROBE names 'rel/probe.sh', and there is no .*/rel/probe.sh
# expect: beam_add_upgrade\(env\): ENVIRONMENT has 'PORT'; write NAME=VALUE
# expect: beam_add_upgrade\(timeout\): TIMEOUT is '1m', and must be a whole number
# expect: beam_add_upgrade\(known.rehearse\): there is a test of this name already
function(_beam_fail function target)
    set(text "")
    math(EXPR last "${ARGC} - 1")
    foreach(index RANGE 2 ${last})
        string(APPEND text "${ARGV${index}}")
    endforeach()
    message(SEND_ERROR "${function}(${target}): ${text}")
endfunction()
enable_testing()
beam_add_release(rel_a APPLICATIONS sasl)
beam_add_release(runtimeless APPLICATIONS sasl ERTS none)
add_custom_target(taken)
add_test(NAME known.rehearse COMMAND true)
beam_add_upgrade(taken RELEASE rel_a FROM x.tar.gz)
beam_add_upgrade(no_value RELEASE rel_a FROM x.tar.gz APPUP_DIR)
beam_add_upgrade(bare RELEASE runtimeless FROM x.tar.gz)
beam_add_upgrade(missing RELEASE rel_a FROM x.tar.gz MISSING_APPUP genrate)
beam_add_upgrade(appups RELEASE rel_a FROM x.tar.gz APPUP_DIR rel/appup)
beam_add_upgrade(output RELEASE rel_a FROM x.tar.gz OUTPUT_NAME dist/x.tar.gz)
beam_add_upgrade(folder RELEASE rel_a FROM rel)
beam_add_upgrade(itself RELEASE rel_a FROM rel_a)
beam_add_upgrade(typo RELEASE rel_a FROM rel_b)
beam_add_upgrade(lower RELEASE rel_a FROM x.tar.gz rehearse)
beam_add_upgrade(two RELEASE rel_a FROM x.tar.gz ./x.tar.gz)
beam_add_upgrade(load RELEASE rel_a FROM x.tar.gz LOAD rel/check.sh)
beam_add_upgrade(probe RELEASE rel_a FROM x.tar.gz REHEARSE PROBE rel/probe.sh)
beam_add_upgrade(env RELEASE rel_a FROM x.tar.gz REHEARSE ENVIRONMENT PORT)
beam_add_upgrade(timeout RELEASE rel_a FROM x.tar.gz REHEARSE TIMEOUT 1m)
beam_add_upgrade(known RELEASE rel_a FROM x.tar.gz REHEARSE)
beam_add_upgrade(no_from RELEASE rel_a)
beam_add_upgrade(no_release FROM x.tar.gz)
