# Projects of mix: what is compiled when, by whom it is seen, and that nothing is written to the sources.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

file(REMOVE_RECURSE "${WORK}")
file(COPY "${TESTS}/mix/" DESTINATION "${WORK}/source" USE_SOURCE_PERMISSIONS)
set(source "${WORK}/source")
set(build "${WORK}/build")
set(tree "${build}/beam/Release")

function(list_sources out)
    run(listing find "${source}" -printf "%p %y %m %s %T@\\n")
    set(${out} "${listing}" PARENT_SCOPE)
endfunction()

set(calc "Compiling mix project calc_project")
set(front "Compiling Erlang application front")
set(releases "Assembling release versioned 7.0.0" "Assembling release mixed 1.0.0" "Assembling release own")
set(targets own versioned mixed)

find_program(elixir_program elixir REQUIRED)
file(REAL_PATH "${elixir_program}" elixir)
get_filename_component(elixir "${elixir}/../../lib" ABSOLUTE)

# What does not depend on the generator; what is changed here is built by the step after it then.
function(ninja_step)
    if(GENERATOR MATCHES Ninja)
        step(${ARGN})
    endif()
endfunction()

list_sources(before)
configure("${source}" "${build}" "-DCMAKE_PREFIX_PATH=${PREFIX}")
step("applications" "${build}" front EXPECT "Compiling Erlang application erl" "${calc}" "${front}")
step("releases" "${build}" ${targets} EXPECT ${releases})
list_sources(after)
expect_equal("sources" "${before}" "${after}")

# Applications see each other, whoever compiles them.
evaluate(value "${tree}/lib:${tree}/project/calc_project/lib:${elixir}" "front:run()")
expect_equal("front:run()" "{1,3,3,<<102,105,114,115,116>>,2,4}" "${value}")
file(READ "${tree}/lib/front/ebin/front.app" app)
expect_match("front.app" "kernel,stdlib,calc" "${app}")
file(READ "${tree}/project/calc_project/lib/calc/priv/made.txt" made)
expect_equal("made.txt" "TEXT\n" "${made}")

# The releases: the project's, the same with another version, one with applications of all kinds.
expect_there("${tree}/release/own/own/bin/calc" "${tree}/release/own/own/releases/0.5.0/consolidated/Elixir.Near.Show.beam"
    "${tree}/release/own/own/lib/erl-1.0.0/ebin/erl_half.beam" "${tree}/release/own/own/lib/calc-0.5.0/priv/made.txt"
    "${tree}/release/versioned/versioned/releases/7.0.0/calc.rel" "${tree}/release/mixed/mixed/lib/front-1.0.0/ebin/front.beam"
    "${tree}/release/mixed/mixed/releases/1.0.0/consolidated/Elixir.Near.Show.beam"
    "${tree}/release/mixed/mixed/releases/1.0.0/consolidated/Elixir.Enumerable.beam")

# Everything that goes in is a reason to compile.
edit("${source}/calc/lib/calc.ex" "def run, do: {" "def run, do: {1 - 1, ")
step("a module" "${build}" ${targets} EXPECT "${calc}" ${releases})
file(WRITE "${source}/calc/table.txt" "second\n")
ninja_step("an external resource" "${build}" ${targets} EXPECT "${calc}" ${releases})
file(WRITE "${source}/calc/tools/text.in" "other\n")
ninja_step("an input of another compiler" "${build}" ${targets} EXPECT "${calc}" ${releases})
file(WRITE "${source}/calc/lib/new.ex" "defmodule New do\nend\n")
step("a new module" "${build}" ${targets} EXPECT "${calc}" ${releases})
expect_there("${tree}/release/own/own/lib/calc-0.5.0/ebin/Elixir.New.beam")
file(REMOVE "${source}/calc/lib/new.ex")
step("one module less" "${build}" ${targets} EXPECT "${calc}" ${releases})
expect_gone("${tree}/release/own/own/lib/calc-0.5.0/ebin/Elixir.New.beam")
edit("${source}/near/lib/near.ex" "value, do: 1" "value, do: 10")
ninja_step("a path dependency" "${build}" ${targets} EXPECT "${calc}" ${releases})
edit("${source}/calc/config/config.exs" "size: 1" "size: 2")
ninja_step("the configuration" "${build}" ${targets} EXPECT "${calc}" ${releases})
file(WRITE "${source}/calc/rel/env.sh.eex" "export OWN=<%= @release.version %>\n")
ninja_step("a template" "${build}" ${targets} EXPECT "${calc}" ${releases})

# What `mix deps.get` would do.
edit("${source}/calc/deps/plus/lib/plus.ex" "a + b" "a + b + 100")
edit("${source}/calc/mix.lock" "1.0.0" "1.0.1")
ninja_step("a newer dependency" "${build}" ${targets} EXPECT "${calc}" ${releases})
edit("${source}/erl/include/erl.hrl" "right = 2" "right = 20")
step("an application of this build" "${build}" ${targets} EXPECT "Compiling Erlang application erl" "${calc}" ${releases})
edit("${source}/CMakeLists.txt" "CALC_FACTOR=3" "CALC_FACTOR=30")
step("the environment" "${build}" ${targets} EXPECT "${calc}" ${releases})
evaluate(value "${tree}/lib:${tree}/project/calc_project/lib:${elixir}" "front:run()")
expect_equal("front:run() at the end" "{0,10,103,30,<<115,101,99,111,110,100>>,20,4}" "${value}")

file(READ "${tree}/release/own/own/releases/0.5.0/sys.config" config)
expect_match("sys.config" "{calc,\\[{size,2}\\]}" "${config}")
file(READ "${tree}/release/versioned/versioned/releases/7.0.0/env.sh" env)
expect_equal("env.sh" "export OWN=7.0.0\n" "${env}")

# They run, also the one whose name only the project knows.
if(GENERATOR MATCHES Ninja)
    run(output "${CMAKE_CTEST_COMMAND}" --test-dir "${build}" -C Release --output-on-failure)
endif()

# Mistakes are told in the compiler's words, once.
function(expect_fault what regex)
    message(STATUS "${what}")
    execute_process(COMMAND "${CMAKE_COMMAND}" --build "${build}" --target ${targets}
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(result EQUAL 0)
        fault("${what}: the build went through")
    endif()
    expect_match("${what}" "${regex}" "${output}")
    string(REGEX MATCHALL "${regex}" times "${output}")
    list(LENGTH times times)
    expect_equal("${what}, how often told" 1 "${times}")
endfunction()

edit("${source}/calc/lib/calc.ex" "defmodule Calc do" "defmodule Calc do\n  def broken, do: unknown_name(1)\n")
expect_fault("a mistake" "undefined function unknown_name/1")
edit("${source}/calc/lib/calc.ex" "  def broken, do: unknown_name(1)\n" "")
edit("${source}/near/lib/near.ex" "value, do: 10" "value, do: unknown_name(2)")
expect_fault("a mistake in a path dependency, with its name" "==> near\n.*undefined function unknown_name/1")
edit("${source}/near/lib/near.ex" "value, do: unknown_name(2)" "value, do: 10")
step("mended" "${build}" ${targets} EXPECT "${calc}" ${releases})
edit("${source}/CMakeLists.txt" "PROVIDES calc near plus" "PROVIDES calc near plus missing_one")
expect_fault("an application that the project does not make" "has no application 'missing_one'")
edit("${source}/CMakeLists.txt" " missing_one" "")

# What a folder is called is no pattern.
file(WRITE "${WORK}/x [1]{a}/one/y.beam" "")
run(text "${elixir_program}" -r "${TESTS}/../../cmake/driver/beamrelease_mix_files.exs"
    -e "IO.write(BeamRelease.Mix.Files.glob(~s(${WORK}/x [1]{a}), ~s(*/*.beam)))")
expect_equal("what matches" "${WORK}/x [1]{a}/one/y.beam" "${text}")
