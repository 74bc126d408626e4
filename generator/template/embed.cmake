# Turns files into one C source: an array per file and a table of them, for template_bundled().
# The bytes are kept as they are, so that no quoting rule of C or CMake gets in the way.
#
#   cmake -DOUTPUT=<bundled.c> -DFOLDER=<templates> -DNAMES=<name>,... -P embed.cmake
#
# A <name> is a file's, or <name>=<file>+<file>... for several files in a row.

string(REPLACE "," ";" names "${NAMES}")
set(arrays "")
set(rows "")
set(index 0)
foreach(name IN LISTS names)
    string(REGEX REPLACE ".*=" "" files "${name}")
    string(REGEX REPLACE "=.*" "" name "${name}")
    string(REPLACE "+" ";" files "${files}")
    set(hex "")
    foreach(file IN LISTS files)
        file(READ "${FOLDER}/${file}" part HEX)
        string(APPEND hex "${part}")
    endforeach()
    string(LENGTH "${hex}" length)
    math(EXPR length "${length} / 2")
    string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    # The zero at the end lets an empty file be an array, too.
    string(APPEND arrays "static const unsigned char bytes_${index}[] = {\n${bytes}\n0};\n\n")
    string(APPEND rows "\t{\"${name}\", bytes_${index}, ${length}},\n")
    math(EXPR index "${index} + 1")
endforeach()

file(WRITE "${OUTPUT}.new" "/* Made from templates/ by generator/template/embed.cmake. */
#include \"template/bundled.h\"

${arrays}const struct bundled_file bundled_files[] = {
${rows}};

const size_t bundled_count = ${index};
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
