# Run by Makefiles after a command with a depfile: cmake -DFOLDER=<dir> -DSTAMP=<file> -P _beam_forget.cmake
#
# CMake's Makefiles add what a new depfile says to what the old ones said. A file that is gone then stays a
# prerequisite that never exists, and the command runs for ever. What they remember about STAMP is therefore removed;
# they read the depfile again.
include("${CMAKE_CURRENT_LIST_DIR}/_beam_arguments.cmake")
_beam_glob(FOLDER "${FOLDER}")
file(GLOB memories "${FOLDER}/CMakeFiles/*.dir/compiler_depend.internal")
foreach(memory IN LISTS memories)
    file(READ "${memory}" text)
    string(FIND "${text}" "\n${STAMP}\n" at)
    if(NOT at EQUAL -1)
        file(REMOVE "${memory}")
    endif()
endforeach()
