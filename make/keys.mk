# Which variables there may be. Make itself takes a misspelt one for a new one, and says nothing. Private.

_beam.apps := $(call _beam.unique,$(BEAM_APPLICATIONS))
_beam.releases := $(call _beam.unique,$(BEAM_RELEASES))
_beam.tests := $(call _beam.unique,$(BEAM_TESTS))
_beam.images := $(call _beam.unique,$(BEAM_IMAGES))
_beam.upgrades := $(call _beam.unique,$(BEAM_UPGRADES))

_beam.known.app := name dir builder version description module applications depends build_depends sources erlc_options \
	nifs nif_cflags nif_cxxflags nif_cppflags nif_ldflags nif_libs tests eunit_modules ct_suites ct_config \
	provides environment mix_env mix_target rebar_profile
_beam.known.release := name version project project_release apps paths epoch erts otp strip keep_chunks include_src \
	include_headers sys_config vm_args remote_vm_args env runtime_config config_providers elixir overlay link commands checks depends
_beam.known.test := release eval rpc command expect env timeout
_beam.known.image := release base base_name tags platform platforms user expose env volumes workdir prefix entrypoint command stop_signal \
	healthcheck healthcheck_interval healthcheck_timeout healthcheck_start_period healthcheck_retries labels annotations source revision \
	git layers own compression sysroot ca_certificates timezones busybox epmd dockerfile archive depends
_beam.known.upgrade := release from appups missing_appup output_name depends rehearse load probe env timeout
_beam.events := pre_configure pre_start post_start pre_stop post_stop pre_upgrade post_upgrade
_beam.known.release += $(addprefix hook.,$(_beam.events))
# Keys that end with a path of the release, or with a name that the user chooses.
_beam.open.release := text.% mode.%
_beam.open.image := env.% labels.% annotations.%
_beam.known.BEAM := $(addprefix BEAM_,VERSION APPLICATIONS RELEASES IMAGES UPGRADES TESTS ERLANG_ROOT ERLANG_TARGET_ROOT ELIXIR_ROOT \
	REBAR3 GIT ENGINE SKOPEO PUSH_OPTIONS)

_beam.ids.app := $(_beam.apps)
_beam.ids.release := $(_beam.releases)
_beam.ids.image := $(_beam.images)
_beam.ids.upgrade := $(_beam.upgrades)
_beam.ids.test := $(_beam.tests)
_beam.list.app := BEAM_APPLICATIONS
_beam.list.release := BEAM_RELEASES
_beam.list.image := BEAM_IMAGES
_beam.list.upgrade := BEAM_UPGRADES
_beam.list.test := BEAM_TESTS

# Set by a makefile or on the command line; the environment has other things.
_beam.is_set = $(filter file command override,$(firstword $(origin $1)))
_beam.set := $(foreach name,$(sort $(.VARIABLES)),$(if $(findstring .,$(name))$(filter BEAM_%,$(name)),$(if $(filter .% \
_beam.%,$(name)),,$(if $(call _beam.is_set,$(name)),$(name)))))

# _beam.check_key(VARIABLE,ID,KIND,KEY)
_beam.check_key = $(if $(filter $2,$(_beam.ids.$3)),$(if $(filter $(_beam.known.$3) $(_beam.open.$3),$4),,$(call \
_beam.fail,$1,is not known: there is no key '$4'. $(call _beam.hint,$4,$(_beam.known.$3)))),$(call \
_beam.fail,$1,is of '$2'$(_beam.comma) which $(_beam.list.$3) does not name. $(call _beam.hint,$2,$(_beam.ids.$3))))
# _beam.check_kind(VARIABLE,ID,REST)
_beam.check_kind = $(if $(filter app release image upgrade test,$(call _beam.before,.,$3)),$(call _beam.check_key,$1,$2,$(call \
_beam.before,.,$3),$(call _beam.after,.,$3)),$(if $(filter $2,$(_beam.apps) $(_beam.releases) $(_beam.images) $(_beam.upgrades) $(_beam.tests)),$(call \
_beam.fail,$1,is not known: after '$2.' comes app$(_beam.comma) release$(_beam.comma) image$(_beam.comma) upgrade or test. $(call \
_beam.hint,$(call _beam.before,.,$3),app release image upgrade test))))

_beam.none := $(foreach name,$(filter-out BEAM_%,$(_beam.set)),$(call _beam.check_kind,$(name),$(call \
_beam.before,.,$(name)),$(call _beam.after,.,$(name))))
_beam.none := $(foreach name,$(filter-out $(_beam.known.BEAM),$(filter BEAM_%,$(_beam.set))),$(call \
_beam.fail,$(name),is not known. $(call _beam.hint,$(name),$(_beam.known.BEAM))))

# Names become parts of goals and of files.
_beam.check_id = $(if $(call _beam.without,$(_beam.lower) $(_beam.upper) $(_beam.digits) _ + -,$2)$(filter -% +%,$2),$(call \
_beam.fail,$1,has '$2': use letters$(_beam.comma) digits and _ + -))
_beam.none := $(foreach kind,app release image upgrade test,$(foreach id,$(_beam.ids.$(kind)),$(call _beam.check_id,$(_beam.list.$(kind)),$(id))))
