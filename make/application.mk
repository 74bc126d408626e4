# Erlang applications: <name>.app.*; what beam_add_application() does. Private.

# ---- What is known of each: _beam.<id>.builder, provides (names of applications), dir (the sources), output, state, folders,
# nifs. Of a project of another build tool, lib: the folder of its applications.
define _beam.app_facts
_beam.$1.builder := $$(or $$(firstword $$($1.app.builder)),erlc)
_beam.$1.name := $$(or $$(strip $$($1.app.name)),$1)
_beam.$1.provides := $$(call _beam.unique,$$(or $$(if $$(filter-out erlc,$$(_beam.$1.builder)),$$($1.app.provides)),$$(_beam.$1.name)))
_beam.$1.dir := $$(abspath $$(or $$(firstword $$($1.app.dir)),.))
_beam.$1.test := $$(_beam.o)/test/$$(_beam.$1.name)/lib/$$(_beam.$1.name)
_beam.$1.folders := $$(patsubst $$(_beam.$1.dir)/%/.,%,$$(wildcard $$(patsubst %,$$(_beam.$1.dir)/%/.,asn1 include priv src test)))
_beam.$1.nifs := $$(foreach word,$$($1.app.nifs),$$(or $$(if $$(findstring =,$$(word)),$$(call \
	_beam.before,=,$$(word))),$$(basename $$(notdir $$(word)))))
ifeq ($$(_beam.$1.builder),erlc)
_beam.$1.output := $$(_beam.o)/lib/$$(_beam.$1.name)
_beam.$1.state := $$(_beam.o)/state/$$(_beam.$1.name)
else
_beam.$1.lib := $$(_beam.o)/project/$1/lib
_beam.$1.output := $$(_beam.$1.lib)/$$(firstword $$(_beam.$1.provides))
_beam.$1.state := $$(_beam.o)/state/$1
endif
_beam.$1.libraries := $$(patsubst %,$$(_beam.$1.output)/priv/%.so,$$(_beam.$1.nifs))
$$(foreach name,$$(_beam.$1.provides),$$(eval _beam.named.$$(name) += $1))

endef
$(foreach id,$(_beam.apps),$(eval $(call _beam.app_facts,$(id))))
_beam.erlc_apps := $(foreach id,$(_beam.apps),$(if $(filter erlc,$(_beam.$(id).builder)),$(id)))
_beam.projects := $(filter-out $(_beam.erlc_apps),$(_beam.apps))
# Which application of BEAM_APPLICATIONS a word means: it, or one of its own.
_beam.owner = $(if $(filter $(_beam.apps),$1),$1,$(firstword $(_beam.named.$1)))
# Which names a word means: all that a project has, or one.
_beam.names_of = $(if $(filter $(_beam.apps),$1),$(_beam.$1.provides),$1)

# ---- Checks.
_beam.app_ones := name dir builder version module mix_env mix_target
_beam.builders := erlc mix rebar3
_beam.erlc_keys := version description module applications erlc_options tests eunit_modules ct_suites ct_config nifs $(addprefix \
	nif_,cflags cxxflags cppflags ldflags libs)
_beam.mix_keys := mix_env mix_target
_beam.rebar3_keys := rebar_profile
_beam.project_keys := provides environment
define _beam.app_checks
$(foreach key,$(_beam.app_ones),$(call _beam.check_one,$1.app.$(key)))
$(call _beam.check_choice,$1.app.builder,$(firstword $($1.app.builder)),$(_beam.builders))
$(foreach builder,$(_beam.$1.builder),$(foreach key,$(filter-out $(_beam.$(builder)_keys) $(if $(filter-out \
erlc,$(builder)),$(_beam.project_keys)),$(_beam.erlc_keys) $(_beam.mix_keys) $(_beam.rebar3_keys) $(_beam.project_keys)),$(if $(call \
_beam.is_set,$1.app.$(key)),$(call _beam.fail,$1.app.$(key),means nothing to $1.app.builder $(builder). Take it out.))))
$(if $(call _beam.is_application_name,$(_beam.$1.name)),,$(call _beam.fail,$(if $(strip \
$($1.app.name)),$1.app.name,BEAM_APPLICATIONS),has '$(_beam.$1.name)'$(_beam.comma) which cannot be the name of an application: \
it begins with a small letter and has letters$(_beam.comma) digits and _ . Give it one with $1.app.name.))
$(foreach name,$(_beam.$1.provides),$(if $(filter $1,$(firstword $(_beam.named.$(name)))),,$(call _beam.fail,$(call _beam.shown,$(foreach \
id,$1 $(firstword $(_beam.named.$(name))),$(id).app.provides $(id).app.name)),makes '$(name)' an application of both \
'$(firstword $(_beam.named.$(name)))' and '$1': a build has one application of each name)))
$(call _beam.check_version,$1.app.version)
$(if $(wildcard $(_beam.$1.dir)/.),$(if $(filter-out erlc,$(_beam.$1.builder))$(filter src asn1,$(_beam.$1.folders))$(strip \
$($1.app.sources)),,$(call \
_beam.fail,$(call _beam.shown,$1.app.dir,BEAM_APPLICATIONS),gives '$1' the folder $(_beam.$1.dir)$(_beam.comma) and that has \
no folder src. $1.app.dir names the folder that holds src$(_beam.comma) include and priv.)),$(call \
_beam.fail,$1.app.dir,names '$(strip $($1.app.dir))'$(_beam.comma) and there is no folder $(_beam.$1.dir)))
$(foreach file,$($1.app.sources),$(call _beam.check_file,$1.app.sources,$(file)))
$(foreach key,depends build_depends,$(foreach word,$($1.app.$(key)),$(if $(call _beam.owner,$(word)),,$(call \
_beam.fail,$1.app.$(key),names '$(word)'$(_beam.comma) which BEAM_APPLICATIONS does not. $(call _beam.hint,$(word),$(_beam.apps))))))
endef
# Of these variables the first that is set.
_beam.shown = $(or $(foreach name,$(firstword $(foreach name,$1 $2,$(if $(call _beam.is_set,$(name)),$(name)))),$(name)),$1)
_beam.none := $(foreach id,$(_beam.apps),$(call _beam.app_checks,$(id)))

# ---- Who must be built before. An application of this build counts, whether depends or applications names it.
define _beam.app_needs
_beam.$1.run_needs := $$(call _beam.unique,$$(foreach word,$$($1.app.depends),$$(call _beam.owner,$$(word))) $$(foreach name,$$($1.app.applications),$$(_beam.named.$$(name))))
_beam.$1.needs := $$(call _beam.unique,$$(_beam.$1.run_needs) $$(foreach word,$$($1.app.build_depends),$$(call _beam.owner,$$(word))))

endef
$(foreach id,$(_beam.apps),$(eval $(call _beam.app_needs,$(id))))

# _beam.closure(FOUND,OPEN,PROPERTY): these and all that they need, each once.
_beam.closure = $(if $(strip $2),$(if $(filter $(firstword $2),$1),$(call _beam.closure,$1,$(wordlist 2,9999,$2),$3),$(call \
_beam.closure,$1 $(firstword $2),$(wordlist 2,9999,$2) $(_beam.$(firstword $2).$3),$3)),$1)
_beam.none := $(foreach id,$(_beam.apps),$(if $(filter $(id),$(call _beam.closure,,$(_beam.$(id).needs),needs)),$(call \
_beam.fail,$(call _beam.shown,$(id).app.depends,$(id).app.applications),makes '$(id)' need itself: applications cannot depend on each other in a circle)))

# All that an application may see while it is compiled.
_beam.depend_lines = $(call _beam.lines,$(foreach word,$(foreach id,$(call _beam.closure,,$(_beam.$1.needs),needs),$(addprefix \
$(id)=,$(_beam.$(id).provides))),$(call _beam.depend_line,$(call _beam.before,=,$(word)),$(call _beam.after,=,$(word)))))
_beam.depend_line = depend $2$(_beam.tab)$(or $(patsubst %,%/$2,$(_beam.$1.lib)),$(_beam.$1.output))$(_beam.tab)$(_beam.$1.dir)$(_beam.tab)$(_beam.$1.state)/main.stamp$(_beam.nl)

# ---- What the compile driver is told. _beam.manifest(ID,VARIANT,OUTPUT)
define _beam.manifest
application $(_beam.$1.name)
variant $2
$(call _beam.line,version ,$(strip $($1.app.version)))$(call \
_beam.line,project_version ,$(strip $(BEAM_VERSION)))$(call \
_beam.line,description ,$($1.app.description))$(call \
_beam.line,start_module ,$(strip $($1.app.module)))source_dir $(_beam.$1.dir)
output_dir $3
state_dir $(_beam.$1.state)/$2
stamp $(_beam.$1.state)/$2.stamp
depfile $(_beam.$1.state)/$2.d
$(call _beam.line,priv_link ,$(if $(filter test,$2),$(_beam.$1.output)/priv))$(call \
_beam.lines,$(foreach folder,$(_beam.$1.folders),$(call _beam.line,folder ,$(folder))))$(call \
_beam.lines,$(foreach nif,$(_beam.$1.nifs),$(call _beam.line,keep_priv ,$(nif).so)))$(call \
_beam.lines,$(foreach file,$($1.app.sources),$(call _beam.line,source ,$(abspath $(file)))))$(call \
_beam.lines,$(foreach name,$($1.app.applications),$(call _beam.line,requires ,$(name))))$(call \
_beam.lines,$(foreach name,$(foreach word,$($1.app.depends),$(call _beam.names_of,$(word))),$(call _beam.line,requires ,$(name))))$(call \
_beam.depend_lines,$1)$(call \
_beam.lines,$(if $(strip $($1.app.erlc_options)),$(foreach option,$($1.app.erlc_options),option $(option)$(_beam.nl)),option $(_beam.nl)))
endef

# ---- Rules. A stamp is made last, and is what others look at: folders and unchanged files keep their times.
define _beam.app_rules
.PHONY: app-$1
beam-apps: app-$1
app-$1: $(_beam.$1.state)/main.stamp $(_beam.$1.libraries)
$(call _beam.compile_rule,$1,main,$(_beam.$1.output),Compiling Erlang application $(_beam.$1.name))
$(_beam.$1.state)/main.stamp: | $(_beam.$1.libraries)

endef

# _beam.compile_rule(ID,VARIANT,OUTPUT,WHAT)
define _beam.compile_rule
_beam.$1.$2.manifest = $$(call _beam.manifest,$1,$2,$3)
$$(call _beam.text,$(_beam.$1.state)/$2.manifest,_beam.$1.$2.manifest)
_beam.depfiles += $(_beam.$1.state)/$2.mk
_beam.folders += $3/ebin
$(_beam.$1.state)/$2.stamp: $($1.app.sources) $(_beam.$1.state)/$2.manifest $(_beam.driver_stamp) \
		| $(foreach id,$(_beam.$1.needs),$(_beam.$(id).state)/main.stamp) beam-folders
	$$(call _beam.say,$4)
	$$(_beam.at)$$(call _beam.vm,beamrelease_compile) $(_beam.$1.state)/$2.manifest
	$$(call _beam.depfile,$(_beam.$1.state)/$2)

endef
