# Images by GENERATOR, which may be make: what the spec says, what Git says of the sources, and that exactly what must be made
# again is, to the layer.
include("${CMAKE_CURRENT_LIST_DIR}/../make/harness.cmake")

file(REMOVE_RECURSE "${WORK}")
set(source "${WORK}/source")
file(WRITE "${source}/pic/src/pic.erl" "-module(pic).\n-export([f/0]).\nf() -> other:f().\n")
file(WRITE "${source}/other/src/other.erl" "-module(other).\n-export([f/0]).\nf() -> 1.\n")
file(WRITE "${source}/Dockerfile.in" "# nothing\n")
file(WRITE "${source}/CMakeLists.txt" [==[
cmake_minimum_required(VERSION 3.22)
project(pic VERSION 1.0.0 LANGUAGES NONE)
find_package(BeamRelease REQUIRED COMPONENTS Erlang)
beam_add_application(pic SOURCE_DIR pic DEPENDS other)
beam_add_application(other SOURCE_DIR other)
beam_add_application(unused SOURCE_DIR other NAME unused)
beam_add_release(pic_release NAME pic APPLICATIONS pic runtime_tools)
beam_add_image(plain RELEASE pic_release)
if(BASES)
    # One image is the base of another.
    beam_add_release(small APPLICATIONS other ERTS none)
    beam_add_image(below RELEASE small PREFIX /below NO_GIT BUSYBOX)
    get_target_property(layout below BEAM_IMAGE_LAYOUT)
    beam_add_release(above_release NAME pic APPLICATIONS pic CHECKS native=off)
    beam_add_image(above RELEASE above_release NO_GIT BASE "${layout}" DEPENDS below)
endif()
if(FULL)
    beam_add_image(full RELEASE pic_release NO_GIT BASE "${FULL}@sha256:0123" BASE_NAME x/y:1 TAGS a/b:1
        PLATFORMS linux/amd64 linux/arm64,base=scratch,otp=other,sysroot=/,paths=pic,paths=other/src
        ENTRYPOINT COMMAND sh -c "a; b" HEALTHCHECK NONE ENV "A=1;2" A=3 B=x\;y LAYERS runtime one=pic,lib/other-1/,other own
        COMPRESSION zstd PREFIX /opt/x USER 1:2 STOP_SIGNAL SIGQUIT SOURCE https://s REVISION r OWN pic SYSROOT / CA_CERTIFICATES
        Dockerfile.in TIMEZONES BUSYBOX EPMD DOCKERFILE Dockerfile.in ANNOTATIONS k=v)
    set_property(TARGET full APPEND PROPERTY BEAM_IMAGE_ANNOTATIONS "k=w\\;x" l=)
endif()
]==])
file(WRITE "${source}/Makefile" [==[
BEAM_VERSION := 1.0.0
BEAM_APPLICATIONS := pic other unused
BEAM_RELEASES := pic
BEAM_IMAGES := plain
pic.app.dir := pic
pic.app.depends := other
other.app.dir := other
unused.app.dir := other
pic.release.apps := pic runtime_tools
plain.image.release := pic
include $(BEAMRELEASE)/beamrelease.mk
]==])
set(git git -C "${source}" -c user.name=nobody -c user.email=nobody@example.org -c commit.gpgsign=false)
run(output ${git} init -q)
run(output ${git} add .)
run(output ${git} commit -q -m one)
run(output ${git} remote add origin "https://me:secret@example.org/pic.git?token=secret")

set(build "${WORK}/build")
if(GENERATOR STREQUAL "make")
    set(image "${build}/image/plain")
else()
    set(image "${build}/beam/Release/image/plain")
    configure("${source}" "${build}" "-DCMAKE_PREFIX_PATH=${PREFIX}")
endif()
set(pic "Compiling Erlang application pic")
set(other "Compiling Erlang application other")

# again(<what> [EXPECT <what runs>...]): exactly that runs; then nothing. Sets `layers` and `labels`.
function(again what)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "EXPECT")
    message(STATUS "${what}")
    if(GENERATOR STREQUAL "make")
        make_step("${what}" "${source}" image "O=${build}" EXPECT ${arg_EXPECT})
    else()
        set(STEP "${what}")
        build("${build}" image EXPECT ${arg_EXPECT})
        set(STEP "${what}, then again")
        build("${build}" image)
    endif()
    file(READ "${image}/layout/index.json" json)
    string(JSON digest GET "${json}" manifests 0 digest)
    file(READ "${image}/digest" said)
    expect_equal("${what}: the digest" "${digest}\n" "${said}")
    string(REPLACE "sha256:" "${image}/layout/blobs/sha256/" file "${digest}")
    file(READ "${file}" manifest)
    string(JSON count LENGTH "${manifest}" layers)
    set(now "")
    foreach(index RANGE 1 ${count})
        math(EXPR index "${index} - 1")
        string(JSON layer GET "${manifest}" layers ${index} digest)
        list(APPEND now "${layer}")
    endforeach()
    set(layers "${now}" PARENT_SCOPE)
    string(JSON config GET "${manifest}" config digest)
    string(REPLACE "sha256:" "${image}/layout/blobs/sha256/" file "${config}")
    file(READ "${file}" config)
    string(JSON labels GET "${config}" config Labels)
    set(labels "${labels}" PARENT_SCOPE)
endfunction()

# label(<name> <expected>): none, when nothing is expected.
function(label name expected)
    string(JSON got ERROR_VARIABLE none GET "${labels}" "org.opencontainers.image.${name}")
    if(NOT none STREQUAL "NOTFOUND")
        set(got "")
    endif()
    expect_equal("the label ${name}" "${expected}" "${got}")
endfunction()

again("from nothing" EXPECT "${pic}" "${other}" "Making image plain of release pic")
run(head ${git} rev-parse HEAD)
string(STRIP "${head}" head)
label(revision "${head}")
label(source "https://example.org/pic.git")
set(before ${layers})

edit("${source}/other/src/other.erl" "f() -> 1" "f() -> 2")
again("a module" EXPECT "${other}" "Making image plain of release pic")
label(revision "${head}-dirty")
set(changed ${layers})
list(REMOVE_ITEM changed ${before})
list(LENGTH changed count)
expect_equal("layers that a module changes" 1 "${count}")
set(before ${layers})

run(output ${git} commit -q -a -m two)
run(head ${git} rev-parse HEAD)
string(STRIP "${head}" head)
again("a commit" EXPECT "Making image plain of release pic")
label(revision "${head}")
expect_equal("layers of a commit" "${before}" "${layers}")
file(WRITE "${source}/notes" "not the project's\n")
again("a file that Git does not know" EXPECT "Making image plain of release pic")
label(revision "${head}-dirty")
file(WRITE "${source}/.git/info/exclude" "notes\n")
again("a file that Git ignores" EXPECT "Making image plain of release pic")
label(revision "${head}")
run(output ${git} remote set-url origin /home/nobody/pic)
again("a clone of a folder" EXPECT "Making image plain of release pic")
label(source "")

file(READ "${image}/image.yaml" text)
expect_match("own applications" "\n  own: \\[\"pic\", \"other\"\\]\n" "${text}")
if(GENERATOR STREQUAL "make")
    return()
endif()

# An image is made again when its base is another.
configure("${source}" "${build}" -DBASES=ON)
set(STEP "an image upon another")
build("${build}" below above EXPECT "Making image below of release small" "Making image above of release pic")
edit("${source}/other/src/other.erl" "f() -> 2" "f() -> 3")
build("${build}" below EXPECT "${other}" "Making image below of release small")
build("${build}" above EXPECT "Making image above of release pic")
build("${build}" below above)

# Every keyword, as the spec has it.
configure("${source}" "${build}" "-DFULL=${source}/pic")
file(READ "${build}/beam/Release/image/full/image.yaml" text)
set(expected [==[
release:
  extends: "BUILD/beam/Release/release/pic_release/spec.yaml"
image:
  base: "SOURCE/pic@sha256:0123"
  base_name: "x/y:1"
  platforms:
    - platform: "linux/amd64"
    - platform: "linux/arm64"
      base: "scratch"
      otp: "SOURCE/other"
      sysroot: "/"
      paths: ["SOURCE/pic", "SOURCE/other/src"]
  layers:
    - name: "runtime"
    - name: "one"
      applications: ["pic", "other"]
      paths: ["lib/other-1"]
    - name: "own"
  compression: "zstd"
  prefix: "/opt/x"
  user: "1:2"
  stop_signal: "SIGQUIT"
  entrypoint: []
  command: ["sh", "-c", "a; b"]
  healthcheck:
    command: ["NONE"]
  source: "https://s"
  revision: "r"
  dockerfile: "SOURCE/Dockerfile.in"
  sysroot: "/"
  ca_certificates: "SOURCE/Dockerfile.in"
  timezones: true
  busybox: true
  epmd: true
  tags: ["a/b:1"]
  own: ["pic"]
  env:
    "A": "3"
    "B": "x;y"
  annotations:
    "k": "w;x"
    "l": ""
]==])
string(REPLACE "${build}" BUILD text "${text}")
string(REPLACE "${source}" SOURCE text "${text}")
if(NOT text STREQUAL expected)
    fault("the spec of all keywords:\n${text}")
endif()
