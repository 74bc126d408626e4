# The generator is built as a part of the user's project: for this machine when nothing is said, by BeamRelease_HOST_CC
# when cross-compiling. The cross build has an OTP root whose programs must not be run, and finds in it all it needs.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

fresh_fixture("the source")
set(source "${WORK}/the source")
set(build "${WORK}/the build")
set(BEAMREL "")
set(arguments -DFIXTURE_MODE=subproject "-DFIXTURE_BEAMRELEASE=${ROOT}")
set(erts "${ERTS}")

if(CROSS)
    # A stub: the applications of this machine's OTP, and a runtime that tells when it is run.
    execute_process(COMMAND erl -noinput -boot no_dot_erlang -eval "io:put_chars(code:root_dir()), halt()."
        OUTPUT_VARIABLE host)
    set(stub "${WORK}/target otp")
    string(REGEX REPLACE "[.].*" ".99" erts "${ERTS}")
    file(MAKE_DIRECTORY "${stub}/lib" "${stub}/releases/other" "${stub}/usr" "${stub}/bin")
    file(WRITE "${stub}/releases/other/OTP_VERSION" "99.1\n")
    file(COPY "${host}/usr/include" DESTINATION "${stub}/usr")
    file(COPY "${host}/erts-${ERTS}/bin" DESTINATION "${stub}/erts-${erts}")
    foreach(name IN ITEMS kernel stdlib sasl crypto)
        file(GLOB application "${host}/lib/${name}-*")
        file(COPY "${application}" DESTINATION "${stub}/lib" PATTERN src EXCLUDE)
    endforeach()
    file(COPY "${host}/lib/erts-${ERTS}/" DESTINATION "${stub}/lib/erts-${erts}" PATTERN src EXCLUDE)
    foreach(program IN ITEMS bin/erl bin/erlc erts-${erts}/bin/erlexec erts-${erts}/bin/erl_call)
        file(WRITE "${stub}/${program}" "#!/bin/sh\ntouch '${WORK}/was run'\nexit 1\n")
        file(CHMOD "${stub}/${program}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
    endforeach()
    file(WRITE "${WORK}/toolchain.cmake" "set(CMAKE_SYSTEM_NAME Linux)\nset(CMAKE_SYSTEM_PROCESSOR other)\n"
        "set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)\nset(CMAKE_FIND_ROOT_PATH /nonexistent)\nset(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)\n"
        "set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)\nset(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)\n")
    list(APPEND arguments "-DCMAKE_TOOLCHAIN_FILE=${WORK}/toolchain.cmake" "-DErlang_TARGET_ROOT=${stub}"
        # Flags of the target must not reach the program of this machine.
        -DCMAKE_EXE_LINKER_FLAGS=-lthere_is_no_such_library)
endif()

configure("${source}" "${build}" ${arguments})
if(output MATCHES "Building beamrel" OR EXISTS "${build}/beamrelease/generator/beamrel")
    fault("the generator was built while configuring")
endif()
step("build" "${build}" all release
    EXPECT "Compiling Erlang application fix_lib" "Compiling Erlang application fix_app" "Linking fix_nif.so"
           "Assembling release fixture 2.0.0" "Packing release fixture 2.0.0")
expect_there("${build}/beam/Release/release/fixture_release/fixture/erts-${erts}/bin/erlexec")
expect_gone("${WORK}/was run")
