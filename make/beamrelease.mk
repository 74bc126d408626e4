# beamrelease.mk: Erlang/OTP and Elixir releases as targets of GNU Make, in the words of BeamRelease's CMake functions.
#
#   BEAM_VERSION      := 1.4.0
#   BEAM_APPLICATIONS := shop
#   BEAM_RELEASES     := shop
#   shop.app.nifs     := c_src/shop_nif.c
#   shop.release.apps := shop runtime_tools:load
#   include beamrelease.mk
#
# Variables first, the include last. docs/reference/make.md has every key. Goals: all release tarball image context
# image-load image-push upgrade rehearse eunit ct check reproducible install clean help, and app-NAME release-NAME tarball-NAME image-NAME
# context-NAME image-load-NAME image-push-NAME upgrade-NAME rehearse-NAME eunit-NAME ct-NAME test-NAME for one of them.
#
# Public names begin with BEAM_ or with the name of an application, a release, an image, an upgrade or a test and a dot; what begins with
# _beam. is private. Goals that users know from other projects have no recipe here, so a Makefile may add its own.

ifneq ($(filter 3.%,$(MAKE_VERSION)),)
$(error BeamRelease needs GNU Make 4 or later; this is $(MAKE_VERSION))
endif
ifdef _beam.folder
$(error beamrelease.mk is included twice; once, as the last line of the Makefile, is enough)
endif
ifneq ($(words $(CURDIR)),1)
$(error The project is in '$(CURDIR)'. Make cannot build in folders with spaces in their names: move it, or use CMake)
endif

_beam.folder := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
_beam.makefiles := $(filter-out $(lastword $(MAKEFILE_LIST)),$(MAKEFILE_LIST))

# Where everything goes; nothing is written elsewhere.
O ?= _beam
# The program that was installed with this file.
BEAMREL ?= $(or $(wildcard $(abspath $(_beam.folder)/../../../bin)/beamrel),beamrel)
# Left empty: the erl and the elixir on the PATH; releases are for the OTP that compiles; the project has no version.
BEAM_ERLANG_ROOT ?=
BEAM_ERLANG_TARGET_ROOT ?=
BEAM_ELIXIR_ROOT ?=
BEAM_REBAR3 ?= rebar3
BEAM_VERSION ?=
BEAM_APPLICATIONS ?=
BEAM_RELEASES ?=
BEAM_IMAGES ?=
BEAM_UPGRADES ?=
BEAM_TESTS ?=
# Left empty: git, docker or else podman, skopeo; options for skopeo copy.
BEAM_GIT ?=
BEAM_ENGINE ?=
BEAM_SKOPEO ?=
BEAM_PUSH_OPTIONS ?=

.DELETE_ON_ERROR:
.PHONY: all apps release tarball image context image-load image-push upgrade rehearse eunit ct check install clean help
.PHONY: beam-all beam-apps beam-release beam-tarball beam-image beam-context beam-image-load beam-image-push beam-upgrade beam-rehearse beam-eunit beam-ct beam-check beam-install beam-clean beam-help
all: beam-all
apps: beam-apps
release: beam-release
tarball: beam-tarball
image: beam-image
context: beam-context
image-load: beam-image-load
image-push: beam-image-push
upgrade: beam-upgrade
rehearse: beam-rehearse
eunit: beam-eunit
ct: beam-ct
check: beam-check
install: beam-install
clean: beam-clean
help: beam-help

include $(_beam.folder)/words.mk
include $(_beam.folder)/keys.mk
include $(_beam.folder)/otp.mk
include $(_beam.folder)/application.mk
include $(_beam.folder)/nif.mk
include $(_beam.folder)/project.mk
include $(_beam.folder)/release.mk
include $(_beam.folder)/images.mk
include $(_beam.folder)/upgrades.mk
include $(_beam.folder)/tests.mk
include $(_beam.folder)/install.mk

# All that is wrong, at once; until here nothing has been written.
ifneq ($(_beam.faults),)
$(error BeamRelease: faults in the description of this project:$(_beam.faults)$(_beam.nl))
endif
include $(_beam.folder)/rules.mk
include $(_beam.folder)/reproducible.mk
