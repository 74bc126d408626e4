# Projects that another build tool compiles: mix, rebar3. One command of one virtual machine builds the whole project out of
# tree, into a library folder of the project's own; cmake/_beam_project.cmake says what the driver is told. Private.

# ---- Elixir: beside bin/, where links lead to, its applications are. A version manager's program is asked, once.
_beam.elixir_lib :=
ifneq ($(filter mix,$(foreach id,$(_beam.apps),$(_beam.$(id).builder))),)
ifeq ($(_beam.idle),)
_beam.elixir := $(if $(strip $(BEAM_ELIXIR_ROOT)),$(firstword $(wildcard $(BEAM_ELIXIR_ROOT)/bin/elixir \
	$(BEAM_ELIXIR_ROOT)/elixir)),$(shell command -v elixir))
_beam.elixir_lib := $(patsubst %/elixir/ebin/elixir.app,%,$(wildcard $(abspath \
	$(dir $(realpath $(_beam.elixir)))../lib)/elixir/ebin/elixir.app))
ifneq ($(_beam.elixir),)
ifeq ($(_beam.elixir_lib),)
_beam.elixir_asked :=
-include $(_beam.o)/elixir.mk
$(_beam.o)/elixir.mk: ;
ifneq ($(_beam.elixir_asked),$(_beam.elixir)|$(wildcard $(_beam.elixir_lib)/elixir/ebin/elixir.app))
_beam.elixir_lib := $(shell $(_beam.elixir) -e 'IO.puts(Path.dirname(to_string(:code.lib_dir(:elixir))))' </dev/null)
_beam.elixir_asked := $(_beam.elixir)|$(wildcard $(_beam.elixir_lib)/elixir/ebin/elixir.app)
$(file >$(_beam.o)/elixir.mk,_beam.elixir_lib := $(_beam.elixir_lib)$(_beam.nl)_beam.elixir_asked := $(_beam.elixir_asked))
endif
endif
endif
ifeq ($(wildcard $(_beam.elixir_lib)/elixir/ebin/elixir.app),)
_beam.none := $(call _beam.fail,BEAM_ELIXIR_ROOT,: Elixir was not found. Install Elixir$(_beam.comma) or set BEAM_ELIXIR_ROOT to a \
folder that holds bin/elixir)
endif
endif
endif

ifneq ($(filter rebar3,$(foreach id,$(_beam.apps),$(_beam.$(id).builder))),)
_beam.rebar3 := $(if $(findstring /,$(BEAM_REBAR3)),$(wildcard $(BEAM_REBAR3)),$(shell command -v $(BEAM_REBAR3)))
ifeq ($(_beam.idle)$(_beam.rebar3),)
_beam.none := $(call _beam.fail,BEAM_REBAR3,is '$(BEAM_REBAR3)'$(_beam.comma) and there is no such program. Install rebar3$(_beam.comma) or \
name it)
endif
endif

# ---- Checks.
_beam.is_assignment = $(if $(or $(call _beam.without,$(_beam.lower) $(_beam.upper) $(_beam.digits) _,$(call \
_beam.before,=,$1)),$(filter =%,$1),$(filter $(addsuffix %,$(_beam.digits)),$1)),,$(findstring =,$1))
_beam.project_files.mix := mix.exs
_beam.project_files.rebar3 := rebar.config rebar.config.script
define _beam.project_checks
$(if $(wildcard $(addprefix $(_beam.$1.dir)/,$(_beam.project_files.$(_beam.$1.builder)))),,$(call _beam.fail,$(call \
_beam.shown,$1.app.dir,$1.app.builder),gives '$1' the folder $(_beam.$1.dir)$(_beam.comma) and that has no $(firstword \
$(_beam.project_files.$(_beam.$1.builder)))))
$(foreach name,$($1.app.provides),$(if $(call _beam.is_application_name,$(name)),,$(call _beam.fail,$1.app.provides,names \
'$(name)'$(_beam.comma) which cannot be the name of an application)))
$(foreach key,mix_env mix_target rebar_profile,$(foreach word,$($1.app.$(key)),$(if $(call _beam.without,$(_beam.lower) \
$(_beam.upper) $(_beam.digits) _,$(word)),$(call _beam.fail,$1.app.$(key),has '$(word)': use letters$(_beam.comma) digits and _))))
$(foreach word,$($1.app.environment),$(if $(call _beam.is_assignment,$(word)),,$(call \
_beam.fail,$1.app.environment,has '$(word)'; write NAME=VALUE)))
endef
_beam.none := $(foreach id,$(_beam.projects),$(call _beam.project_checks,$(id)))

# ---- What the driver is told.
# What mix makes of the configuration holds the version.
_beam.project_release = $(or $(firstword $($1.release.project_release)),default-release)$(if $(filter \
	mix,$(_beam.$(firstword $($1.release.project)).builder)),$(addprefix @,$(strip $($1.release.version))))
# Which of the things that build tools look for are there: a depfile cannot name what is not.
_beam.project_folders = $(sort $(notdir $(wildcard $(addprefix $(_beam.$1.dir)/,mix.lock rebar.lock config lib src include \
	priv rel deps _checkouts apps))))
_beam.project_releases = $(sort $(foreach id,$(_beam.releases),$(if $(filter $1,$(firstword $($(id).release.project))),$(call \
_beam.project_release,$(id)))))
define _beam.project_manifest
project $1
source_dir $(_beam.$1.dir)
state_dir $(_beam.$1.state)/main
lib_dir $(_beam.$1.lib)
releases_dir $(_beam.$1.state)/releases
stamp $(_beam.$1.state)/main.stamp
depfile $(_beam.$1.state)/main.d
$(call _beam.lines,$(foreach name,$(_beam.$1.provides),$(call _beam.line,provides ,$(name))))$(call \
_beam.lines,$(foreach word,$(foreach key,$(_beam.$(_beam.$1.builder)_keys),$(addprefix $(key)=,$($1.app.$(key)))),$(call \
_beam.line,$(call _beam.before,=,$(word)) ,$(call _beam.after,=,$(word)))))$(call \
_beam.lines,$(foreach name,$(call _beam.project_folders,$1),$(call _beam.line,folder ,$(name))))$(call \
_beam.lines,$(foreach word,$($1.app.environment),$(call _beam.line,environment ,$(word))))$(call \
_beam.lines,$(foreach file,$($1.app.sources),$(call _beam.line,source ,$(abspath $(file)))))$(call \
_beam.depend_lines,$1)$(call \
_beam.lines,$(foreach name,$(call _beam.project_releases,$1),$(call _beam.line,release ,$(name))))
endef

# ---- The commands; what the driver is made of.
_beam.command.rebar3 = $(call _beam.vm,beamrelease_rebar3) $(_beam.rebar3)
_beam.driver.rebar3 := $(_beam.driver_stamp)
# As the program elixir starts it, but for the environment: nothing of it reaches the virtual machine. Elixir reads the
# options of the compiler when it starts.
_beam.command.mix = unset ERL_LIBS ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS ELIXIR_ERL_OPTIONS MIX_ENV MIX_TARGET; \
	ERL_CRASH_DUMP_SECONDS=0 ERL_COMPILER_OPTIONS=deterministic $(_beam.erl) +fnu +pc unicode -boot no_dot_erlang -noinput -elixir_root $(_beam.elixir_lib) \
	-pa $(patsubst %,$(_beam.elixir_lib)/%/ebin,eex elixir ex_unit iex logger mix) -s elixir start_cli \
	-extra $(_beam.driver)/beamrelease_mix.exs
_beam.driver.mix := $(wildcard $(_beam.driver)/beamrelease_mix*.exs) $(_beam.elixir_lib)/elixir/ebin/elixir.app

define _beam.project_rules
.PHONY: app-$1
beam-apps: app-$1
app-$1: $(_beam.$1.state)/main.stamp
_beam.$1.main.manifest = $$(call _beam.project_manifest,$1)
$$(call _beam.text,$(_beam.$1.state)/main.manifest,_beam.$1.main.manifest)
_beam.depfiles += $(_beam.$1.state)/main.mk
_beam.folders += $(_beam.$1.state)/main $(_beam.$1.state)/releases $(_beam.$1.lib)
$(_beam.$1.state)/main.stamp: $($1.app.sources) $(_beam.$1.state)/main.manifest $(_beam.driver.$(_beam.$1.builder)) \
		$(foreach id,$(_beam.$1.needs),$(_beam.$(id).state)/main.stamp) | beam-folders
	$$(call _beam.say,Compiling $(_beam.$1.builder) project $1)
	$$(_beam.at)$$(_beam.command.$(_beam.$1.builder)) $(_beam.$1.state)/main.manifest
	$$(call _beam.depfile,$(_beam.$1.state)/main)

endef
