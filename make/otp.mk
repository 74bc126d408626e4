# The OTP that compiles, and the one that releases are made for. Private.

_beam.o := $(abspath $(O))
ifneq ($(words $(O)),1)
$(error O is '$(O)': the folder for everything that is made. It must be one word)
endif
ifneq ($(filter $(CURDIR) $(CURDIR:%/=%)/,$(_beam.o) $(_beam.o)/),)
$(error O is '$(O)', the folder of the sources. Give one of its own, as in O=_beam)
endif
# Only in a folder that is ours anything is written, or removed.
_beam.mark := $(_beam.o)/otp.mk
ifeq ($(wildcard $(_beam.mark)),)
ifneq ($(filter-out %/. %/..,$(wildcard $(_beam.o)/* $(_beam.o)/.*)),)
$(error O is '$(O)', a folder that holds other things than what was made here. Give an empty one, or a new one)
endif
endif

# For these goals nothing needs to be there.
_beam.idle := $(if $(MAKECMDGOALS),$(if $(filter-out clean help beam-clean beam-help,$(MAKECMDGOALS)),,idle))

# An erl says where its OTP is. That takes a quarter of a second, so the answer is kept, with the erl that gave it.
_beam.erl := $(if $(strip $(BEAM_ERLANG_ROOT)),$(firstword $(wildcard $(BEAM_ERLANG_ROOT)/bin/erl $(BEAM_ERLANG_ROOT)/erl)),$(shell \
command -v erl))
_beam.host :=
_beam.asked :=
-include $(_beam.mark)
$(_beam.mark): ;
_beam.ask = unset ERL_LIBS ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS; $(_beam.erl) -noinput -boot start_clean +fnu \
	-eval 'io:put_chars(unicode:characters_to_binary(code:root_dir())),halt().' </dev/null
ifeq ($(_beam.idle),)
ifeq ($(_beam.erl),)
_beam.faults := $(_beam.faults)$(_beam.nl)Erlang was not found. Install Erlang/OTP, or set BEAM_ERLANG_ROOT to a folder that holds bin/erl.
else ifneq ($(_beam.asked),$(_beam.erl)|$(realpath $(_beam.erl))|$(wildcard $(_beam.host)/releases/*/OTP_VERSION))
_beam.host := $(shell $(_beam.ask))
ifeq ($(wildcard $(_beam.host)/lib/.),)
_beam.faults := $(_beam.faults)$(_beam.nl)$(_beam.erl) did not say where its OTP is: got '$(_beam.host)'. Set \
BEAM_ERLANG_ROOT to a folder that holds bin/erl.
else
_beam.asked := $(_beam.erl)|$(realpath $(_beam.erl))|$(wildcard $(_beam.host)/releases/*/OTP_VERSION)
$(shell mkdir -p $(_beam.o))
$(file >$(_beam.mark),# Where the Erlang of this project is. This file also says that make may clean here.$(_beam.nl)\
_beam.host := $(_beam.host)$(_beam.nl)_beam.asked := $(_beam.asked))
endif
endif
endif
# A version manager's erl picks an OTP by the current folder; the OTP's own does not.
_beam.erl := $(or $(wildcard $(_beam.host)/bin/erl),$(_beam.erl))
_beam.erlc := $(or $(wildcard $(_beam.host)/bin/erlc),$(_beam.host)/bin/erlc)

# From here on files are read; nothing of the target's OTP is run.
_beam.target := $(if $(strip $(BEAM_ERLANG_TARGET_ROOT)),$(realpath $(BEAM_ERLANG_TARGET_ROOT)),$(_beam.host))
ifneq ($(strip $(BEAM_ERLANG_TARGET_ROOT)),)
$(call _beam.check_folder,BEAM_ERLANG_TARGET_ROOT,$(BEAM_ERLANG_TARGET_ROOT))
endif
_beam.headers := $(patsubst %/erl_nif.h,%,$(firstword $(wildcard $(_beam.target)/usr/include/erl_nif.h \
	$(_beam.target)/erts-*/include/erl_nif.h)))

# The major version of the OTP in a folder.
_beam.otp_release = $(lastword $(sort $(patsubst $1/releases/%/OTP_VERSION,%,$(wildcard $1/releases/*/OTP_VERSION))))

# ---- The compile driver: beside this file where it is installed, else where CMake has it.
_beam.driver := $(abspath $(patsubst %/beamrelease_compile.erl,%,$(firstword $(wildcard \
	$(_beam.folder)/driver/beamrelease_compile.erl $(_beam.folder)/../cmake/driver/beamrelease_compile.erl))))
ifeq ($(_beam.driver),)
$(error $(_beam.folder) holds no folder driver: install BeamRelease again)
endif
_beam.driver_sources := $(sort $(wildcard $(_beam.driver)/*.erl))
_beam.driver_stamp := $(_beam.o)/driver/driver.stamp
# By their bare names: erlc cuts the name of the working directory off a file's, even where that ends within a name.
$(_beam.driver_stamp): $(_beam.driver_sources) $(_beam.erlc)
	$(call _beam.say,Compiling the Erlang compile driver)
	$(_beam.at)rm -rf $(@D) && mkdir -p $(@D)
	$(_beam.at)unset ERL_COMPILER_OPTIONS ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS ERL_LIBS; cd $(_beam.driver) && \
		$(_beam.erlc) +deterministic -o $(@D) $(notdir $(_beam.driver_sources))
	$(_beam.at)touch $@

# A quiet VM on which the environment has no influence: _beam.vm MODULE's main() with the arguments that follow.
_beam.vm = unset ERL_LIBS ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS ERL_COMPILER_OPTIONS; ERL_CRASH_DUMP_SECONDS=0 \
	$(_beam.erl) +fnu +pc unicode -boot no_dot_erlang -noinput -pa $(_beam.o)/driver -s $1 main -extra
