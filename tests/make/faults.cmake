# Descriptions with faults: all of them are told at once, each with its place and what to do, and nothing is built.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

fresh_make_fixture(source)
set(source "${WORK}/source")
file(READ "${source}/Makefile" good)

# fault_case(<what> <text of the Makefile, in place of what stood there or added before the include> EXPECT <regex>...)
function(fault_case what text)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "EXPECT;GOALS")
    string(REPLACE "include \$(BEAMRELEASE)" "${text}\ninclude \$(BEAMRELEASE)" bad "${good}")
    file(WRITE "${source}/Makefile" "${bad}")
    make_run(output result "${source}" ${arg_GOALS})
    if(result EQUAL 0)
        fault("${what}: make succeeded")
    endif()
    foreach(regex IN LISTS arg_EXPECT)
        expect_match("${what}" "${regex}" "${output}")
    endforeach()
    if(EXISTS "${source}/_beam/lib" OR EXISTS "${source}/_beam/release")
        fault("${what}: something was built")
    endif()
endfunction()

# ';' would end an item of CMake's list; what make says has none.
fault_case("several at once" "fix_app.app.descritpion := x
fix_ap.app.name := y
fixture_release.relaese.version := 1
BEAM_APLICATIONS := z
fixture_release.release.hook.pre_strat := rel/check.sh
fix_app.app.builder := rebar
fixture_release.release.checks := undefined_cals=warn native=eror
fixture_release.release.elixir := reboot validate_compile_env=no enw=test
fixture_release.release.env := rel/env.sh"
    EXPECT "Makefile:[0-9]+: fix_app.app.descritpion is not known: there is no key 'descritpion'. Did you mean 'description'\\?"
        "Makefile:[0-9]+: fix_ap.app.name is of 'fix_ap', which BEAM_APPLICATIONS does not name. Did you mean 'fix_app'\\?"
        "fixture_release.relaese.version is not known: after 'fixture_release.' comes app, release, image, upgrade or test. Did you mean 'release'\\?"
        "Makefile:[0-9]+: BEAM_APLICATIONS is not known. Did you mean 'BEAM_APPLICATIONS'\\?"
        "no key 'hook.pre_strat'. Did you mean 'hook.pre_start'\\?"
        "fix_app.app.builder has 'rebar', and must be one of: erlc[^\n]*"
        "checks has 'undefined_cals', and must be one of[^\n]*Did you mean 'undefined_calls'\\?"
        "checks has 'eror', and must be one of: error, warn, off. Did you mean 'error'\\?"
        "Makefile:[0-9]+: fixture_release.release.elixir has 'reboot'; write NAME=VALUE" "elixir has 'no', and must be one of: true, false"
        "elixir has 'enw'.*Did you mean 'env'"
        "Makefile:[0-9]+: fixture_release.release.env names 'rel/env.sh', and there is no [^\n]*/rel/env.sh")

fault_case("names and versions" "fix_app.app.name := Fix
fix_lib.app.version := 1,2
fixture_release.release.name := Shop
fixture_release.release.version := -1
fixture_release.release.epoch := 1980-01-01
fix_app.app.module := two words"
    EXPECT "fix_app.app.name has 'Fix', which cannot be the name of an application"
        "fix_lib.app.version is '1,2': use digits, letters and"
        "release.name has 'Shop', which cannot be the name of a release" "release.version is '-1'"
        "release.epoch has '1980-01-01', and must be a whole number" "fix_app.app.module is 'two words': one word is wanted")
fault_case("projects" "BEAM_APPLICATIONS += web
web.app.builder := rebar3
web.app.dir := apps/fix_lib
web.app.provides := Web
web.app.environment := A =x B-C=y 1D=z E=good
web.app.rebar_profile := a-b
web.app.mix_env := test
fixture_release.release.project := fix_app"
    EXPECT "Makefile:[0-9]+: web.app.dir gives 'web' the folder [^\n]*/apps/fix_lib, and that has no rebar.config"
        "Makefile:[0-9]+: web.app.provides names 'Web', which cannot be the name of an application"
        "environment has 'A'. write NAME=VALUE" "environment has '=x'. write" "environment has 'B-C=y'. write"
        "environment has '1D=z'. write" "web.app.rebar_profile has 'a-b': use letters, digits and _"
        "Makefile:[0-9]+: web.app.mix_env means nothing to web.app.builder rebar3. Take it out."
        "release.project is 'fix_app', which is no application with builder mix or rebar3. [^\n]*web")
fault_case("a release of no project" "fixture_release.release.project_release := standard"
    EXPECT "Makefile:[0-9]+: fixture_release.release.project_release is set, and fixture_release.release.project is not")
fault_case("two of one name" "fix_app.app.name := fix_lib"
    EXPECT "Makefile:[0-9]+: fix_app.app.name makes 'fix_lib' an application of both 'fix_app' and 'fix_lib'")
fault_case("folders and files" "fix_lib.app.dir := apps/gone
fix_app.app.sources := src/none.erl
fix_lib.app.nifs := c_src/gone.c rel/check.sh
fixture_release.release.overlay := rel/gone rel/check.sh ../x=../y
fixture_release.release.sys_config := rel
fixture_release.release.commands := Migrate=rel/check.sh migrate
fixture_release.release.hook.pre_stop := rel/gone.sh rel/check.sh:timout=3"
    EXPECT "fix_lib.app.dir names 'apps/gone', and there is no folder /" "sources names 'src/none.erl', and there is no /"
        "nifs names 'c_src/gone.c', and there is no" "names 'rel/check.sh', which is no source in C or C"
        "overlay names 'rel/gone', and there is no" "names the file 'rel/check.sh': say where it goes, as in rel/check.sh=etc/check.sh"
        "puts something at '../y'" "sys_config names 'rel', which is a folder" "commands has 'Migrate=rel/check.sh'. write NAME=FILE"
        "commands has 'migrate'. write" "pre_stop names 'rel/gone.sh'" "pre_stop has 'timout=3' after rel/check.sh. Known: timeout=SECONDS")
fault_case("a folder without sources" "fix_lib.app.dir := rel" EXPECT "fix_lib.app.dir gives 'fix_lib' the folder [^\n]*/rel, and that has no folder src")
fault_case("applications" "fix_app.app.depends := fix_lb
fixture_release.release.apps := fix_app crpyto sasl:laod"
    EXPECT "fix_app.app.depends names 'fix_lb', which BEAM_APPLICATIONS does not. Did you mean 'fix_lib'"
        "apps names 'crpyto', which neither BEAM_APPLICATIONS makes nor [^\n]*/lib has. Did you mean 'crypto'"
        "apps has 'laod', and must be one of: permanent, transient, temporary, load, none. Did you mean 'load'")
fault_case("images" "fixture_image.image.lables := a=b
fixture_image.image.release := fixtur_release
fixture_image.image.platform := arm64
fixture_image.image.platforms := linux/arm64,opt linux/amd64,oto=/ linux/arm,otp=/not/there
fixture_image.image.compression := gzi
fixture_image.image.healthcheck_interval := 1m
fixture_image.image.healthcheck :=
fixture_image.image.env := LANG
fixture_image.image.expose := 4000/tpc
fixture_image.image.workdir := data
fixture_image.image.own := Shop
fixture_image.image.base := base/debian
fixture_image.image.layers := own=
fixture_image.image.dockerfile := Dokerfile
fixture_image.image.timezones := /not/there
fixture_image.image.archive := dist/x.tar
fixture_image.image.git := maybe
BEAM_IMAGES += load"
    EXPECT "fixture_image.image.lables is not known: there is no key 'lables'. Did you mean 'labels'"
        "image.release is 'fixtur_release', which BEAM_RELEASES does not name. Did you mean 'fixture_release'"
        "platform has 'arm64'. write OS/ARCHITECTURE" "image.platform contradict each other"
        "platforms has 'opt' for linux/arm64. write KEY=VALUE" "platforms has 'oto', and must be one of"
        "platforms names '/not/there', and there is no folder" "compression has 'gzi'[^\n]*Did you mean 'gzip'"
        "healthcheck_interval has '1m', and must be a whole number" "healthcheck_interval is set, and [^\n]*healthcheck is not"
        "env has 'LANG'. write NAME=VALUE" "expose has '4000/tpc'. write PORT" "workdir has 'data', and must be an absolute path"
        "own names 'Shop'" "base names 'base/debian', and there is no /[^\n]*/base/debian. A base is" "layers has 'own='. write auto"
        "dockerfile names 'Dokerfile', and there is no /" "timezones names '/not/there', and there is no folder"
        "archive is 'dist/x.tar': yes, no, or a file's name" "git has 'maybe', and must be one of: yes, no"
        "BEAM_IMAGES has 'load', and image-load is a goal of its own")
fault_case("upgrades" "BEAM_UPGRADES := one two fixture_release bare
fixture_release.upgrade.form := dist/x.tar.gz
fixture_release.upgrade.from := fixture_release rel fixture_relaese
fixture_release.upgrade.missing_appup := genrate
fixture_release.upgrade.output_name := dist/x.tar.gz
fixture_release.upgrade.appups := rel/appups
fixture_release.upgrade.rehearse := maybe
fixture_release.upgrade.load := rel/load.sh
fixture_release.upgrade.timeout := soon
fixture_release.upgrade.env := X
one.upgrade.release := fixtur_release
two.upgrade.release := fixture_release
two.upgrade.from := dist/x.tar.gz ./dist/x.tar.gz
two.upgrade.output_name := x.tgz
BEAM_RELEASES += bare
bare.release.apps := sasl
bare.release.erts := none
bare.upgrade.from := dist/x.tar.gz"
    EXPECT "Makefile:[0-9]+: fixture_release.upgrade.form is not known: there is no key 'form'. Did you mean 'from'"
        "from names 'fixture_release', which is what is to be upgraded to" "from names 'rel', which is a folder. the archive"
        "from names 'fixture_relaese', which is neither an archive nor named by[^\n]*Did you mean 'fixture_release'"
        "missing_appup has 'genrate'[^\n]*Did you mean 'generate'" "release.upgrade.output_name is 'dist/x.tar.gz', and must be a file's name"
        "two.upgrade.output_name is 'x.tgz'" "appups names 'rel/appups', and there is no folder /" "rehearse has 'maybe', and must be one of: yes, no"
        "upgrade.load is set, and fixture_release.upgrade.rehearse is not yes: set that, or leave this out" "load names 'rel/load.sh', and there is no /"
        "timeout has 'soon'" "env has 'X'. write NAME=VALUE" "one.upgrade.release is 'fixtur_release', which BEAM_RELEASES does not name"
        "Makefile:[0-9]+: BEAM_UPGRADES is of an upgrade without old versions: name their archives in one.upgrade.from"
        "two.upgrade.from names an archive twice" "which has erts none: its runtime")
fault_case("a circle" "fix_lib.app.applications := fix_app" EXPECT "makes 'fix_lib' need itself" "makes 'fix_app' need itself")
fault_case("strip" "fixture_release.release.strip := no
fixture_release.release.keep_chunks := Docs
fixture_release.release.include_src := maybe"
    EXPECT "keep_chunks says what stripping spares" "include_src has 'maybe', and must be one of: yes, no")
fault_case("texts and links" "fixture_release.release.text./etc/x := x
fixture_release.release.mode.etc/y := 755
fixture_release.release.mode.etc/text := 999
fixture_release.release.link := x"
    EXPECT "puts something at '/etc/x'" "mode.etc/y is the mode of a text, and there is no" "has the mode '999': three octal digits"
        "link has 'x'. write TARGET=PLACE")
fault_case("an OTP that is none" "fixture_release.release.otp := rel" EXPECT "release.otp gives '[^\n]*/rel', which is no OTP root")
fault_case("tests" "fixture_boots.test.release := fixtur
fixture_boots.test.rpc := two
fixture_boots.test.env := X
fixture_boots.test.timeout := soon
fix_app.app.tests := eunti
fix_app.app.ct_suites := test/other_SUITE.erl test/fix.erl"
    EXPECT "test.release is 'fixtur', which BEAM_RELEASES does not name" "give one of fixture_boots.test.eval"
        "env has 'X'. write NAME=VALUE" "timeout has 'soon'" "tests has 'eunti'[^\n]*Did you mean 'eunit'"
        "there is no other_SUITE.erl in" "ends with _SUITE.erl")
fault_case("no applications, no version" "BEAM_VERSION :=
fixture_release.release.apps :="
    EXPECT "release.version is missing, and there is no BEAM_VERSION" "release.apps is missing: name the applications")
fault_case("no beamrel" "BEAMREL := beamrel-that-is-not-there" EXPECT "BEAMREL is 'beamrel-that-is-not-there', and there is no such program")
fault_case("no Erlang" "BEAM_ERLANG_ROOT := rel" EXPECT "Erlang was not found. Install Erlang/OTP, or set BEAM_ERLANG_ROOT")
fault_case("twice" "include \$(BEAMRELEASE)/beamrelease.mk" EXPECT "included twice")

# Make cannot build where names have spaces, and must not touch what is not its own.
file(WRITE "${source}/Makefile" "${good}")
file(COPY "${source}/" DESTINATION "${WORK}/with space")
make_run(output result "${WORK}/with space")
expect_match("a space" "The project is in '[^\n]*with space'. Make cannot build in folders with spaces" "${output}")
foreach(folder IN ITEMS . "${source}" apps)
    foreach(goal IN ITEMS all clean)
        make_run(output result "${source}" ${goal} "O=${folder}")
        expect_match("O=${folder}" "O is '${folder}', (the folder of the sources|a folder that holds other things)" "${output}")
    endforeach()
endforeach()
expect_there("${source}/apps/fix_lib/src")
make_run(output result "${source}" "O=two words")
expect_match("O of two words" "O is 'two words'" "${output}")

# Without faults: help and clean need neither Erlang nor beamrel.
make_must("${source}" help clean BEAMREL=none BEAM_ERLANG_ROOT=/none)
expect_match("help" "release-NAME, tarball-NAME, app-NAME.*Applications: fix_app fix_lib.*Tests: eunit-fix_app ct-fix_app test-fixture_boots" "${output}")
