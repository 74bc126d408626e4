# Releases: <name>.release.*; what beam_add_release(), beam_release_hook() and beam_release_overlay() do. Private.

_beam.levels := error warn off
_beam.switches := reboot_system_after_config prune_runtime_sys_config_after_boot start_distribution_during_config \
	validate_compile_env
_beam.starts := permanent transient temporary load none

# ---- What is known of each: _beam.release.<id>.name, version, folder, spec, output, archive, otp, erts.
define _beam.release_facts
_beam.release.$1.project := $$(firstword $$($1.release.project))
_beam.release.$1.base := $$(if $$(_beam.release.$1.project),$$(_beam.$$(_beam.release.$1.project).state)/releases/$$(call \
	_beam.project_release,$1).yaml)
_beam.release.$1.name := $$(or $$(strip $$($1.release.name)),$$(if $$(_beam.release.$1.base),$$(firstword \
	$$($1.release.project_release))),$1)
_beam.release.$1.version := $$(or $$(strip $$($1.release.version)),$$(if $$(_beam.release.$1.base),,$$(strip $$(BEAM_VERSION))))
_beam.release.$1.folder := $$(_beam.o)/release/$1
_beam.release.$1.output := $$(_beam.release.$1.folder)/$$(_beam.release.$1.name)
_beam.release.$1.archive := $$(_beam.release.$1.output)$$(addprefix -,$$(_beam.release.$1.version)).tar.gz
# A project's default release is called what the project says: the only launcher there is.
_beam.release.$1.launcher := $$(if $$(_beam.release.$1.base),$$(if $$(strip $$($1.release.name)$$($1.release.project_release)),,*))
_beam.release.$1.erts := $$(if $$(filter none,$$($1.release.erts)),exclude,include)
_beam.release.$1.otp := $$(or $$(if $$(strip $$($1.release.otp)),$$(abspath $$(firstword $$($1.release.otp)))),$$(if $$(filter \
	host,$$($1.release.erts)),$$(_beam.host)),$$(if $$(filter-out target none,$$($1.release.erts)),$$(abspath \
	$$(firstword $$($1.release.erts)))),$$(_beam.target))
_beam.release.$1.ours := $$(call _beam.closure,,$$(_beam.release.$1.project) $$(foreach \
	word,$$($1.release.apps),$$(call _beam.owner,$$(call _beam.before,:,$$(word)))),run_needs)
_beam.release.$1.paths := $$(_beam.o)/lib $$(abspath $$($1.release.paths)) $$(foreach id,$$(_beam.release.$1.ours),$$(_beam.$$(id).lib)) \
	$$(if $$(filter mix,$$(foreach id,$$(_beam.release.$1.ours),$$(_beam.$$(id).builder))),$$(_beam.elixir_lib))
# What a project declares as a release has its protocols consolidated by the project's tool, unless there is more.
_beam.release.$1.elixir := $$(strip $$(foreach id,$$(filter-out \
	$$(_beam.release.$1.project),$$(_beam.release.$1.ours)),$$(if $$(filter mix,$$(_beam.$$(id).builder)),$$(id))))

endef
$(foreach id,$(_beam.releases),$(eval $(call _beam.release_facts,$(id))))

# ---- Checks.
_beam.release_files := sys_config vm_args remote_vm_args env runtime_config
_beam.release_ones := name version project project_release epoch erts otp strip include_src include_headers $(_beam.release_files)
define _beam.release_checks
$(foreach key,$(_beam.release_ones),$(call _beam.check_one,$1.release.$(key)))
$(if $(call _beam.is_release_name,$(_beam.release.$1.name)),,$(call _beam.fail,$(call \
_beam.shown,$1.release.name,BEAM_RELEASES),has '$(_beam.release.$1.name)'$(_beam.comma) which cannot be the name of a release: it \
begins with a small letter and has small letters$(_beam.comma) digits and _ . Give it one with $1.release.name.))
$(if $(strip $($1.release.project)),$(if $(filter $(_beam.projects),$(_beam.release.$1.project)),,$(call \
_beam.fail,$1.release.project,is '$(_beam.release.$1.project)'$(_beam.comma) which is no application with builder mix or rebar3. $(call \
_beam.hint,$(_beam.release.$1.project),$(_beam.projects)))),$(if $(strip $($1.release.project_release)),$(call \
_beam.fail,$1.release.project_release,is set$(_beam.comma) and $1.release.project is not)))
$(if $(_beam.release.$1.version)$(_beam.release.$1.base),,$(call _beam.fail,$1.release.version,is missing$(_beam.comma) and there is no BEAM_VERSION either))
$(call _beam.check_version,$1.release.version)
$(if $(strip $($1.release.apps))$(_beam.release.$1.base),,$(call _beam.fail,$1.release.apps,is missing: name the applications of the release))
$(if $(strip $($1.release.epoch)),$(call _beam.check_number,$1.release.epoch,$(strip $($1.release.epoch))))
$(foreach key,strip include_src include_headers,$(call _beam.check_choice,$1.release.$(key),$(firstword $($1.release.$(key))),yes no))
$(if $(filter no,$($1.release.strip)),$(if $(strip $($1.release.keep_chunks)),$(call _beam.fail,$1.release.keep_chunks,says what \
stripping spares$(_beam.comma) and $1.release.strip that there is none)))
$(foreach key,$(_beam.release_files),$(if $(strip $($1.release.$(key))),$(call _beam.check_file,$1.release.$(key),$(strip $($1.release.$(key))))))
$(foreach word,$($1.release.apps),$(call _beam.check_start,$1,$(word),$(call _beam.before,:,$(word)),$(call _beam.after,:,$(word))))
$(foreach word,$($1.release.commands),$(call _beam.check_command,$1.release.commands,$(word),$(call _beam.before,=,$(word)),$(call \
_beam.after,=,$(word))))
$(foreach word,$($1.release.checks),$(call _beam.check_check,$1.release.checks,$(word),$(call _beam.before,=,$(word)),$(call \
_beam.after,=,$(word))))
$(foreach word,$($1.release.elixir),$(call _beam.check_elixir,$1.release.elixir,$(word),$(call _beam.before,=,$(word)),$(call \
_beam.after,=,$(word))))
$(foreach event,$(_beam.events),$(foreach word,$($1.release.hook.$(event)),$(call \
_beam.check_hook,$1.release.hook.$(event),$(subst :, ,$(word)))))
$(foreach word,$($1.release.overlay),$(call _beam.check_overlay,$1.release.overlay,$(word)))
$(foreach word,$($1.release.link),$(if $(and $(findstring =,$(word)),$(call _beam.after,=,$(word))),$(call \
_beam.check_place,$1.release.link,$(call _beam.after,=,$(word))),$(call _beam.fail,$1.release.link,has '$(word)'; write \
TARGET=PLACE$(_beam.comma) as in motd=etc/issue)))
$(foreach name,$(call _beam.keys_of,$1,text)$(call _beam.keys_of,$1,mode),$(call _beam.check_place,$(name),$(patsubst \
$1.release.mode.%,%,$(name:$1.release.text.%=%))))
$(foreach name,$(call _beam.keys_of,$1,mode),$(call _beam.check_mode,$(name),$(strip $($(name))))$(if $(filter \
$(name:$1.release.mode.%=$1.release.text.%),$(call _beam.keys_of,$1,text)),,$(call _beam.fail,$(name),is the mode of a \
text$(_beam.comma) and there is no $(name:$1.release.mode.%=$1.release.text.%))))
$(if $(_beam.idle),,$(call _beam.check_otp,$1,$(_beam.release.$1.otp)))
endef

# _beam.keys_of(ID,PREFIX): the variables <id>.release.PREFIX.*, sorted.
_beam.keys_of = $(filter $1.release.$2.%,$(_beam.set))
_beam.check_start = $(if $(call _beam.is_application_name,$3),,$(call _beam.fail,$1.release.apps,names '$2'; write NAME or \
NAME:START))$(if $(findstring :,$2),$(call _beam.check_choice,$1.release.apps,$(or $4,$2),$(_beam.starts)))
_beam.check_command = $(if $(or $(call _beam.without,$(_beam.lower) $(_beam.digits) _ -,$3),$(if $4,,x),$(if $(filter \
$(addsuffix %,$(_beam.lower)),$3),,x)),$(call _beam.fail,$1,has '$2'; write NAME=FILE$(_beam.comma) as in \
migrate=rel/migrate.sh),$(call _beam.check_file,$1,$4))
_beam.check_check = $(if $4,$(call _beam.check_choice,$1,$3,undefined_calls missing_applications native)$(call \
_beam.check_choice,$1,$4,$(_beam.levels)),$(call _beam.fail,$1,has '$2'; write NAME=LEVEL$(_beam.comma) as in undefined_calls=warn))
_beam.check_elixir = $(if $4,$(call _beam.check_choice,$1,$3,$(_beam.switches) skip_mode_validation_for env target)$(if $(filter \
$(_beam.switches),$3),$(call _beam.check_choice,$1,$4,true false)),$(call _beam.fail,$1,has '$2'; write NAME=VALUE$(_beam.comma) as \
in reboot_system_after_config=true))
# _beam.check_hook(VARIABLE,FILE OPTION...)
_beam.check_hook = $(call _beam.check_file,$1,$(firstword $2))$(foreach option,$(wordlist 2,99,$2),$(if $(filter \
timeout=%,$(option)),$(call _beam.check_number,$1,$(patsubst timeout=%,%,$(option))),$(if $(filter \
on_failure=abort on_failure=ignore,$(option)),,$(call _beam.fail,$1,has '$(option)' after $(firstword $2). Known: \
timeout=SECONDS$(_beam.comma) on_failure=abort$(_beam.comma) on_failure=ignore.))))
_beam.check_place = $(if $(or $(filter /%,$2),$(filter ..,$(subst /, ,$2))),$(call _beam.fail,$1,puts something \
at '$2': a path inside the release is wanted$(_beam.comma) without ..))
_beam.check_mode = $(if $(call _beam.three,$2),,$(call _beam.fail,$1,has the mode '$2': three octal \
digits are wanted$(_beam.comma) as in 755))
_beam.octal := 0 1 2 3 4 5 6 7
_beam.modes := $(foreach a,$(_beam.octal),$(foreach b,$(_beam.octal),$(addprefix $a$b,$(_beam.octal))))
# Three digits, or four of which the first is 0.
_beam.three = $(or $(filter $(_beam.modes),$1),$(filter $(_beam.modes),$(patsubst 0%,%,$1)))
# FROM, FROM=TO or FROM=TO:MODE
_beam.overlay_from = $(call _beam.before,=,$1)
_beam.overlay_to = $(or $(call _beam.before,:,$(call _beam.after,=,$1)),.)
_beam.overlay_mode = $(call _beam.after,:,$(call _beam.after,=,$1))
_beam.check_overlay = $(call _beam.check_place,$1,$(call _beam.overlay_to,$2))$(if $(call _beam.overlay_mode,$2),$(call \
_beam.check_mode,$1,$(call _beam.overlay_mode,$2)))$(if $(filter $(_beam.o)/%,$(abspath $(call _beam.overlay_from,$2))),,$(if \
$(wildcard $(call _beam.overlay_from,$2)),$(if $(findstring =,$2)$(wildcard $(call _beam.overlay_from,$2)/.),,$(call \
_beam.fail,$1,names the file '$2': say where it goes$(_beam.comma) as in $2=etc/$(notdir $2))),$(call _beam.fail,$1,names \
'$(call _beam.overlay_from,$2)'$(_beam.comma) and there is no $(abspath $(call _beam.overlay_from,$2)))))
# The OTP, and whether applications are there. _beam.check_otp(ID,ROOT)
_beam.check_otp = $(if $2,$(if $(and $(wildcard $2/lib/.),$(wildcard $2/erts-*)),$(if $(strip $($1.release.paths))$(_beam.release.$1.base),,$(foreach \
word,$($1.release.apps),$(call _beam.check_application,$1,$2,$(call _beam.before,:,$(word))))),$(call _beam.fail,$(call \
_beam.shown,$1.release.otp,$1.release.erts),gives '$2'$(_beam.comma) which is no OTP root: it must hold lib/ and \
erts-VERSION/))$(if $(and $(call _beam.otp_release,$(_beam.host)),$(call _beam.otp_release,$2)),$(if $(filter-out \
$(call _beam.otp_release,$2),$(lastword $(sort $(call _beam.otp_release,$(_beam.host)) $(call \
_beam.otp_release,$2)))),$(warning $1.release: this machine's Erlang is OTP $(call _beam.otp_release,$(_beam.host))$(_beam.comma) and \
compiles for OTP $(call _beam.otp_release,$2) in $2$(_beam.comma) which may be unable to load the result. Set BEAM_ERLANG_ROOT to an \
OTP $(call _beam.otp_release,$2) or older.))))
_beam.check_application = $(if $(call _beam.owner,$3)$(wildcard $2/lib/$3-* $2/lib/$3),,$(call _beam.fail,$1.release.apps,names \
'$3'$(_beam.comma) which neither BEAM_APPLICATIONS makes nor $2/lib has. $(call _beam.hint,$3,$(foreach \
id,$(_beam.apps),$(_beam.$(id).name)) $(foreach folder,$(notdir $(wildcard $2/lib/*)),$(firstword $(subst -, ,$(folder)))))))

_beam.none := $(foreach id,$(_beam.releases),$(call _beam.release_checks,$(id)))
_beam.names := $(foreach id,$(_beam.releases),$(_beam.release.$(id).name))

# beamrel is looked for when something is to be released.
_beam.beamrel := $(if $(findstring /,$(BEAMREL)),$(BEAMREL),$(if $(_beam.releases),$(if $(_beam.idle),,$(shell command -v $(BEAMREL)))))
ifeq ($(_beam.idle),)
ifneq ($(_beam.releases),)
ifeq ($(wildcard $(_beam.beamrel)),)
_beam.none := $(call _beam.fail,BEAMREL,is '$(BEAMREL)'$(_beam.comma) and there is no such program. Install BeamRelease$(_beam.comma) \
or give BEAMREL=/path/to/beamrel)
endif
endif
endif

# ---- The spec: the keys of docs/reference/spec.md, as CMake's functions write them.
_beam.spec_text = $(if $2,$1: $(call _beam.yaml,$2)$(_beam.nl))
_beam.spec_list = $1: [$(subst $(_beam.space),$(_beam.comma) ,$(strip $(foreach word,$2,$(call _beam.yaml,$(word)))))]$(_beam.nl)
_beam.spec_file = $(call _beam.spec_text,    $2,$(abspath $(strip $($1.release.$3))))
# _beam.spec_app(NAME,START)
_beam.spec_app = $(if $2,{name: $(call _beam.yaml,$1)$(_beam.comma) start: $2},$(call _beam.yaml,$1))
# Of a word, all names that it means; an application of a name goes before a project of that name.
_beam.spec_names = $(if $(_beam.named.$1),$1,$(call _beam.names_of,$1))
# _beam.spec_elixir(NAME,VALUE)
_beam.spec_elixir = $1: $(if $(filter $(_beam.switches),$1),$2,$(if $(filter skip_mode_validation_for,$1),[$(subst \
$(_beam.comma),$(_beam.comma) ,$2)],$(call _beam.yaml,$2)))
# _beam.spec_hook(FILE OPTION...)
_beam.spec_hook = {run: $(call _beam.yaml,$(abspath $(firstword $1)))$(foreach seconds,$(filter-out \
0,$(patsubst timeout=%,%,$(filter timeout=%,$1))),$(_beam.comma) timeout: $(seconds))$(_beam.comma) on_failure: $(or $(patsubst \
on_failure=%,%,$(filter on_failure=%,$1)),abort)}
_beam.spec_mode = $(if $1,$(_beam.comma) mode: 0$(call _beam.three,$1))
_beam.spec_place = $(_beam.comma) to: $(call _beam.yaml,$1)

# The events that have hooks.
_beam.hooked = $(strip $(foreach event,$(_beam.events),$(if $(strip $($1.release.hook.$(event))),$(event))))

define _beam.spec
release:
$(call _beam.spec_text,  extends,$(_beam.release.$1.base))$(call \
_beam.spec_text,  name,$(if $(_beam.release.$1.base),$(strip $($1.release.name)),$(_beam.release.$1.name)))$(call \
_beam.spec_text,  version,$(_beam.release.$1.version))$(call \
_beam.line,  epoch: ,$(strip $($1.release.epoch)))$(call \
_beam.spec_text,  otp,$(if $(or $(if $(_beam.release.$1.base),,x),$(strip $($1.release.erts) $($1.release.otp) \
$(BEAM_ERLANG_TARGET_ROOT))),$(_beam.release.$1.otp)))$(call \
_beam.line,  erts: ,$(if $(or $(if $(_beam.release.$1.base),,x),$(strip $($1.release.erts))),$(_beam.release.$1.erts)))$(if $(filter no,$($1.release.strip)),  strip: false$(_beam.nl),$(if $(strip $($1.release.keep_chunks)),  strip: {keep: [$(subst \
$(_beam.space),$(_beam.comma) ,$(strip $(foreach word,$($1.release.keep_chunks),"$(word)")))]}$(_beam.nl)))$(call \
_beam.line,  include_src: true,$(if $(filter yes,$($1.release.include_src)),$(_beam.empty) ))$(call \
_beam.line,  include_headers: true,$(if $(filter yes,$($1.release.include_headers)),$(_beam.empty) ))$(if \
$(strip $(foreach key,$(_beam.release_files),$($1.release.$(key)))),  config:$(_beam.nl))$(call \
_beam.spec_file,$1,sys,sys_config)$(call \
_beam.spec_file,$1,vm_args,vm_args)$(call \
_beam.spec_file,$1,remote_vm_args,remote_vm_args)$(call \
_beam.spec_file,$1,env,env)$(call \
_beam.spec_file,$1,runtime,runtime_config)$(if \
$(strip $($1.release.commands)),  commands:$(_beam.nl))$(call \
_beam.lines,$(foreach word,$($1.release.commands),    $(call _beam.before,=,$(word)): $(call \
_beam.yaml,$(abspath $(call _beam.after,=,$(word))))$(_beam.nl)))$(if \
$(strip $($1.release.checks)),  checks:$(_beam.nl))$(call \
_beam.lines,$(foreach word,$($1.release.checks),    $(subst =,: ,$(word))$(_beam.nl)))$(if \
$(strip $($1.release.apps)),  applications:$(_beam.nl))$(call \
_beam.lines,$(foreach word,$(foreach word,$($1.release.apps),$(addsuffix :$(call _beam.after,:,$(word)),$(call \
_beam.spec_names,$(call _beam.before,:,$(word))))),    - $(call \
_beam.spec_app,$(call _beam.before,:,$(word)),$(call _beam.after,:,$(word)))$(_beam.nl)))$(call \
_beam.spec_list,  paths,$(_beam.release.$1.paths))$(if \
$(strip $($1.release.config_providers)$($1.release.elixir)$(_beam.release.$1.elixir)),  elixir:$(_beam.nl))$(if \
$(strip $($1.release.config_providers)),$(call _beam.spec_list,    config_providers,$($1.release.config_providers)))$(call \
_beam.lines,$(foreach word,$($1.release.elixir),    $(call _beam.spec_elixir,$(call _beam.before,=,$(word)),$(call \
_beam.after,=,$(word)))$(_beam.nl)))$(call \
_beam.spec_text,    consolidated,$(addsuffix /consolidated,$(if \
$(_beam.release.$1.elixir),$(_beam.release.$1.folder))))$(if \
$(call _beam.hooked,$1),  hooks:$(_beam.nl))$(call \
_beam.blocks,$(foreach event,$(call _beam.hooked,$1),$(_beam.tab)    $(event):$(_beam.nl)$(call \
_beam.lines,$(foreach word,$($1.release.hook.$(event)),      - $(call _beam.spec_hook,$(subst :, ,$(word)))$(_beam.nl)))))$(if \
$(strip $($1.release.overlay)$($1.release.link)$(call _beam.keys_of,$1,text)),  overlays:$(_beam.nl))$(call \
_beam.lines,$(foreach word,$($1.release.overlay),    - {from: $(call _beam.yaml,$(abspath $(call \
_beam.overlay_from,$(word))))$(call _beam.spec_place,$(call _beam.overlay_to,$(word)))$(call _beam.spec_mode,$(call \
_beam.overlay_mode,$(word)))}$(_beam.nl)))$(call \
_beam.lines,$(foreach name,$(call _beam.keys_of,$1,text),    - {text: $(call _beam.yaml,$($(name))$(_beam.nl))$(call \
_beam.spec_place,$(name:$1.release.text.%=%))$(call _beam.spec_mode,$(strip \
$($(name:$1.release.text.%=$1.release.mode.%))))}$(_beam.nl)))$(call \
_beam.lines,$(foreach word,$($1.release.link),    - {link: $(call _beam.yaml,$(call _beam.before,=,$(word)))$(call \
_beam.spec_place,$(call _beam.after,=,$(word)))}$(_beam.nl)))
endef

# The protocols of a release that takes applications of several projects are consolidated together.
define _beam.protocols
$(call _beam.lines,$(foreach name,$(foreach word,$($1.release.apps),$(call _beam.spec_names,$(call \
_beam.before,:,$(word)))) $(if $(_beam.release.$1.project),$(_beam.$(_beam.release.$1.project).provides)) elixir iex,application $(name)$(_beam.nl)))$(call \
_beam.lines,$(foreach folder,$(_beam.release.$1.paths),path $(folder)$(_beam.nl)))output_dir $(_beam.release.$1.folder)/consolidated
stamp $(_beam.release.$1.folder)/protocols.stamp
depfile $(_beam.release.$1.folder)/protocols.d

endef
define _beam.protocols_rule
_beam.release.$1.protocols = $$(call _beam.protocols,$1)
$$(call _beam.text,$(_beam.release.$1.folder)/protocols.manifest,_beam.release.$1.protocols)
_beam.depfiles += $(_beam.release.$1.folder)/protocols.mk
_beam.folders += $(_beam.release.$1.folder)/consolidated
$(_beam.release.$1.folder)/protocols.stamp: $(_beam.release.$1.folder)/protocols.manifest $(_beam.driver.mix) \
		$(foreach id,$(_beam.release.$1.ours),$(_beam.$(id).state)/main.stamp) | beam-folders
	$$(call _beam.say,Consolidating the protocols of release $1)
	$$(_beam.at)$$(_beam.command.mix) protocols $(_beam.release.$1.folder)/protocols.manifest
	$$(call _beam.depfile,$(_beam.release.$1.folder)/protocols)

endef

# ---- Rules.
_beam.release_needs = $(if $(_beam.release.$1.elixir),$(_beam.release.$1.folder)/protocols.stamp) $(foreach id,$(_beam.release.$1.ours),$(_beam.$(id).state)/main.stamp $(_beam.$(id).libraries)) \
	$(foreach key,$(_beam.release_files),$($1.release.$(key))) $(foreach word,$($1.release.commands),$(call _beam.after,=,$(word))) \
	$(foreach event,$(_beam.events),$(foreach word,$($1.release.hook.$(event)),$(call _beam.before,:,$(word)))) \
	$(foreach word,$($1.release.overlay),$(filter $(_beam.o)/% $(O)/%,$(call _beam.overlay_from,$(word)))) $($1.release.depends)

# _beam.release_rule(ID,STAMP,COMMAND,OUTPUT,WHAT)
define _beam.release_rule
_beam.depfiles += $(_beam.release.$1.folder)/$2.mk
$(_beam.release.$1.folder)/$2.stamp: $(_beam.release.$1.folder)/spec.yaml $(_beam.beamrel) $(_beam.release_needs) | beam-folders
	$$(call _beam.say,$(strip $5 release $(_beam.release.$1.name) $(_beam.release.$1.version)))
	$$(_beam.at)$$(_beam.beamrel) $3 --spec $(_beam.release.$1.folder)/spec.yaml --output $4 \
		--stamp $(_beam.release.$1.folder)/$2.stamp --depfile $(_beam.release.$1.folder)/$2.d
	$$(call _beam.depfile,$(_beam.release.$1.folder)/$2)

endef
define _beam.release_rules
.PHONY: release-$1 tarball-$1
beam-all: release-$1
beam-release: release-$1 tarball-$1
beam-tarball: tarball-$1
release-$1: $(_beam.release.$1.folder)/assemble.stamp
tarball-$1: $(_beam.release.$1.folder)/pack.stamp
_beam.release.$1.spec = $$(call _beam.spec,$1)
_beam.folders += $(_beam.release.$1.folder) $(_beam.o)/lib
$$(call _beam.text,$(_beam.release.$1.folder)/spec.yaml,_beam.release.$1.spec)
$(if $(_beam.release.$1.elixir),$(call _beam.protocols_rule,$1))
$(call _beam.release_rule,$1,assemble,assemble,$(_beam.release.$1.output),Assembling)
$(call _beam.release_rule,$1,pack,pack,$(_beam.release.$1.archive),Packing)

endef
