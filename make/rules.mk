# The rules of all that the other files describe; read when nothing is wrong. Private.

$(foreach id,$(_beam.erlc_apps),$(eval $(call _beam.app_rules,$(id))))
beam-all: beam-apps
$(foreach id,$(_beam.erlc_apps),$(foreach word,$($(id).app.nifs),$(eval $(call _beam.nif_rules,$(id),$(call \
_beam.nif_name,$(word)),$(call _beam.nif_sources,$(word))))))
$(foreach id,$(_beam.projects),$(eval $(call _beam.project_rules,$(id))))
$(foreach id,$(_beam.releases),$(eval $(call _beam.release_rules,$(id))))
$(foreach id,$(_beam.images),$(eval $(call _beam.image_rules,$(id))))
$(foreach id,$(_beam.upgrades),$(eval $(call _beam.upgrade_rules,$(id)))$(if $(filter yes,$($(id).upgrade.rehearse)),$(eval $(call \
_beam.rehearse_rule,$(id)))))
$(foreach id,$(_beam.erlc_apps),$(if $(strip $(call _beam.kinds,$(id))),$(eval $(call _beam.app_test_rules,$(id)))))
$(foreach id,$(_beam.erlc_apps),$(if $(filter eunit,$(call _beam.kinds,$(id))),$(eval $(call \
_beam.test_rule,$(id),eunit,$($(id).app.eunit_modules)))))
$(foreach id,$(_beam.erlc_apps),$(if $(filter ct,$(call _beam.kinds,$(id))),$(eval $(call \
_beam.test_rule,$(id),ct,$(foreach word,$($(id).app.ct_suites),suite=$(basename $(notdir $(word)))) $(foreach \
file,$($(id).app.ct_config),config=$(abspath $(file)))))))
$(foreach id,$(_beam.tests),$(eval $(call _beam.release_test_rule,$(id))))
$(foreach id,$(_beam.releases),$(eval $(call _beam.install_rule,$(id))))

# They are there before anything is made in them: who watches the folder above sees no change.
.PHONY: beam-folders
beam-folders: $(sort $(_beam.folders))
$(sort $(_beam.folders)):
	$(_beam.at)mkdir -p $@

# What was read when something was made last: it is made again when that changes.
_beam.depfiles := $(wildcard $(_beam.depfiles))
$(_beam.depfiles): ;
-include $(_beam.depfiles)
