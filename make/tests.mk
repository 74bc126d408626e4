# Tests: EUnit and Common Test of applications, and <name>.test.*, which start a release. Private.

# What an application has: <id>.app.tests, or what its folder test/ tells. One level below test/ is looked at, too.
_beam.test_files = $(wildcard $(_beam.$1.dir)/test/$2 $(_beam.$1.dir)/test/*/$2)
_beam.kinds = $(if $(call _beam.is_set,$1.app.tests),$($1.app.tests),$(if $($1.app.eunit_modules)$(call \
_beam.test_files,$1,*_tests.erl),eunit) $(if $($1.app.ct_suites)$(call _beam.test_files,$1,*_SUITE.erl),ct))

define _beam.app_test_checks
$(foreach word,$($1.app.tests),$(call _beam.check_choice,$1.app.tests,$(word),eunit ct))
$(foreach file,$($1.app.ct_config),$(call _beam.check_file,$1.app.ct_config,$(file)))
$(foreach word,$($1.app.ct_suites),$(if $(filter %_SUITE,$(basename $(notdir $(word)))),$(if $(call \
_beam.test_files,$1,$(basename $(notdir $(word))).erl),,$(call _beam.fail,$1.app.ct_suites,names '$(word)'$(_beam.comma) and there is \
no $(basename $(notdir $(word))).erl in $(_beam.$1.dir)/test)),$(call _beam.fail,$1.app.ct_suites,names '$(word)'; the name \
of a suite ends with _SUITE.erl)))
endef
_beam.none := $(foreach id,$(_beam.erlc_apps),$(call _beam.app_test_checks,$(id)))

# Compiled once more, with -DTEST and the modules of test/, to a place of its own. Results are in $(O)/test/results.
define _beam.app_test_rules
$(call _beam.compile_rule,$1,test,$(_beam.$1.test),Compiling the tests of Erlang application $(_beam.$1.name))
_beam.folders += $(_beam.$1.test)/test
$(_beam.$1.state)/test.stamp: | $(_beam.$1.state)/main.stamp $(_beam.$1.libraries)
endef
# _beam.test_rule(ID,KIND,ARGUMENTS)
define _beam.test_rule
.PHONY: $2-$1
beam-$2: $2-$1
beam-check: $2-$1
$2-$1: $(_beam.$1.state)/test.stamp $(foreach id,$(call _beam.closure,,$1,needs),app-$(id))
	$$(_beam.at)$$(call _beam.vm,beamrelease_test) $2 $2-$1 $(_beam.$1.state)/test.manifest $(_beam.o)/test/results/$2-$1 $3

endef

# ---- Releases: started by the launcher, asked, stopped.
define _beam.test_checks
$(call _beam.check_one,$1.test.release)$(call _beam.check_one,$1.test.timeout)
$(if $(filter $(_beam.releases),$(firstword $($1.test.release))),,$(call _beam.fail,$1.test.release,is \
'$(strip $($1.test.release))'$(_beam.comma) which BEAM_RELEASES does not name. $(call _beam.hint,$(firstword $($1.test.release)),$(_beam.releases))))
$(if $(filter 1,$(words $(foreach key,eval rpc command,$(if $(strip $($1.test.$(key))),x)))),,$(call _beam.fail,$(call \
_beam.shown,$1.test.eval,$1.test.command),is missing or not alone: give one of $1.test.eval$(_beam.comma) $1.test.rpc and $1.test.command))
$(if $(strip $($1.test.timeout)),$(call _beam.check_number,$1.test.timeout,$(strip $($1.test.timeout))))
$(foreach word,$($1.test.env),$(if $(findstring =,$(word)),,$(call _beam.fail,$1.test.env,has '$(word)'; write NAME=VALUE)))
endef
_beam.none := $(foreach id,$(_beam.tests),$(call _beam.test_checks,$(id)))

_beam.test_arguments = timeout=$(or $(strip $($1.test.timeout)),60) $(foreach word,$($1.test.command),$(call \
_beam.quote,command=$(word))) $(foreach word,$($1.test.env),$(call _beam.quote,env=$(word))) $(if $(strip \
$($1.test.expect)),$(call _beam.quote,expect=$(strip $($1.test.expect)))) $(foreach key,eval rpc,$(if $(strip \
$($1.test.$(key))),$(call _beam.quote,rpc=$(strip $($1.test.$(key))))))
define _beam.release_test_rule
.PHONY: test-$1
beam-check: test-$1
test-$1: $(_beam.release.$(strip $($1.test.release)).folder)/assemble.stamp $(_beam.driver_stamp)
	$$(_beam.at)$$(call _beam.vm,beamrelease_test) release $(_beam.release.$(strip $($1.test.release)).output) \
		$(call _beam.quote,$(or $(_beam.release.$(strip $($1.test.release)).launcher),$(_beam.release.$(strip $($1.test.release)).name))) \
		$(_beam.o)/test/results/$1 $$(call _beam.test_arguments,$1)

endef
