# Upgrades: <name>.upgrade.*; what beam_add_upgrade() does. Private.

# ---- What is known of each: _beam.upgrade.<id>.release, folder, archive.
define _beam.upgrade_facts
_beam.upgrade.$1.release := $$(or $$(firstword $$($1.upgrade.release)),$1)
_beam.upgrade.$1.folder := $$(_beam.o)/upgrade/$1
_beam.upgrade.$1.archive := $$(_beam.o)/upgrade/$1/$$(or $$(firstword $$($1.upgrade.output_name)),$$(notdir $$(_beam.release.$$(or $$(firstword \
	$$($1.upgrade.release)),$1).archive)))

endef
$(foreach id,$(_beam.upgrades),$(eval $(call _beam.upgrade_facts,$(id))))

# _beam.old(WORD): the old archive that it means: a release or an upgrade of this project stands for its own.
_beam.old = $(if $(filter $(_beam.releases),$1),$(_beam.release.$1.archive),$(if $(filter \
	$(_beam.upgrades),$1),$(_beam.upgrade.$1.archive),$(abspath $1)))
# _beam.old_needs(WORD): what makes it, if this project does. Others are known by the depfile: when one is not there, beamrel says what to do.
_beam.old_needs = $(if $(filter $(_beam.releases),$1),$(_beam.release.$1.folder)/pack.stamp,$(if $(filter \
	$(_beam.upgrades),$1),$(_beam.upgrade.$1.folder)/upgrade.stamp,$(filter $(_beam.o)/% $(O)/%,$1)))
_beam.olds = $(foreach word,$($1.upgrade.from),$(call _beam.old,$(word)))

# ---- Checks.
_beam.upgrade_ones := release appups missing_appup output_name rehearse load probe timeout
define _beam.upgrade_checks
$(foreach key,$(_beam.upgrade_ones),$(call _beam.check_one,$1.upgrade.$(key)))
$(if $(filter $(_beam.releases),$(_beam.upgrade.$1.release)),$(if $(filter \
exclude,$(_beam.release.$(_beam.upgrade.$1.release).erts)),$(call _beam.fail,$1.upgrade.release,is '$(_beam.upgrade.$1.release)'$(_beam.comma) which \
has erts none: its runtime and OTP's applications are not its own$(_beam.comma) so there is nothing to upgrade them from. Give that \
release a runtime.)),$(call _beam.fail,$(call _beam.shown,$1.upgrade.release,BEAM_UPGRADES),is '$(_beam.upgrade.$1.release)'$(_beam.comma) which \
BEAM_RELEASES does not name. $(call _beam.hint,$(_beam.upgrade.$1.release),$(_beam.releases))))
$(if $(strip $($1.upgrade.from)),,$(call _beam.fail,$(call _beam.shown,$1.upgrade.from,BEAM_UPGRADES),is of an upgrade \
without old versions: name their archives in $1.upgrade.from))
$(foreach word,$($1.upgrade.from),$(call _beam.check_from,$1.upgrade.from,$(word),$(_beam.upgrade.$1.release)))
$(if $(filter $(words $($1.upgrade.from)),$(words $(sort $(call _beam.olds,$1)))),,$(call _beam.fail,$1.upgrade.from,names an archive twice))
$(if $(strip $($1.upgrade.missing_appup)),$(call _beam.check_choice,$1.upgrade.missing_appup,$(firstword \
$($1.upgrade.missing_appup)),generate error))
$(if $(strip $($1.upgrade.appups)),$(call _beam.check_folder,$1.upgrade.appups,$(firstword $($1.upgrade.appups))))
$(if $(or $(filter-out %.tar.gz,$($1.upgrade.output_name)),$(findstring /,$($1.upgrade.output_name))),$(call \
_beam.fail,$1.upgrade.output_name,is '$(strip $($1.upgrade.output_name))'$(_beam.comma) and must be a file's name that ends with .tar.gz))
$(call _beam.check_choice,$1.upgrade.rehearse,$(firstword $($1.upgrade.rehearse)),yes no)
$(if $(filter yes,$($1.upgrade.rehearse)),,$(foreach key,load probe env timeout,$(if $(strip $($1.upgrade.$(key))),$(call \
_beam.fail,$1.upgrade.$(key),is set$(_beam.comma) and $1.upgrade.rehearse is not yes: set that$(_beam.comma) or leave this out))))
$(foreach key,load probe,$(foreach file,$(firstword $($1.upgrade.$(key))),$(call _beam.check_file,$1.upgrade.$(key),$(file))))
$(if $(strip $($1.upgrade.timeout)),$(call _beam.check_number,$1.upgrade.timeout,$(strip $($1.upgrade.timeout))))
$(foreach word,$($1.upgrade.env),$(if $(findstring =,$(word)),,$(call _beam.fail,$1.upgrade.env,has '$(word)'; write NAME=VALUE)))
endef
# _beam.check_from(VARIABLE,WORD,RELEASE)
_beam.check_from = $(if $(filter $3,$2),$(call _beam.fail,$1,names '$2'$(_beam.comma) which is what is to be upgraded to: an upgrade comes \
from another version),$(if $(filter $(_beam.releases) $(_beam.upgrades),$2),,$(if $(or $(findstring /,$2),$(findstring .,$2),$(wildcard \
$2)),$(if $(wildcard $2/.),$(call _beam.fail,$1,names '$2'$(_beam.comma) which is a folder; the archive of a release is needed)),$(call \
_beam.fail,$1,names '$2'$(_beam.comma) which is neither an archive nor named by BEAM_RELEASES or BEAM_UPGRADES. $(call \
_beam.hint,$2,$(_beam.releases) $(_beam.upgrades))))))

_beam.none := $(foreach id,$(_beam.upgrades),$(call _beam.upgrade_checks,$(id)))

# ---- The spec: as beam_add_upgrade() writes it.
define _beam.upgrade_spec
release:
$(call _beam.spec_text,  extends,$(_beam.release.$(_beam.upgrade.$1.release).folder)/spec.yaml)upgrade:
$(call _beam.spec_list,  from,$(call _beam.olds,$1))$(call \
_beam.spec_text,  appups,$(abspath $(strip $($1.upgrade.appups))))$(call \
_beam.spec_text,  missing_appup,$(strip $($1.upgrade.missing_appup)))
endef

# ---- Rules.
define _beam.upgrade_rules
.PHONY: upgrade-$1
beam-upgrade: upgrade-$1
upgrade-$1: $(_beam.upgrade.$1.folder)/upgrade.stamp
_beam.upgrade.$1.spec = $$(call _beam.upgrade_spec,$1)
_beam.folders += $(_beam.upgrade.$1.folder)
$$(call _beam.text,$(_beam.upgrade.$1.folder)/upgrade.yaml,_beam.upgrade.$1.spec)
_beam.depfiles += $(_beam.upgrade.$1.folder)/upgrade.mk
$(_beam.upgrade.$1.folder)/upgrade.stamp: $(_beam.upgrade.$1.folder)/upgrade.yaml $(_beam.beamrel) \
		$(_beam.release.$(_beam.upgrade.$1.release).folder)/spec.yaml $(call _beam.release_needs,$(_beam.upgrade.$1.release)) \
		$(foreach word,$($1.upgrade.from),$(call _beam.old_needs,$(word))) $($1.upgrade.depends) | beam-folders
	$$(call _beam.say,Making upgrade $1 of release $(_beam.release.$(_beam.upgrade.$1.release).name))
	$$(_beam.at)$$(_beam.beamrel) upgrade --spec $(_beam.upgrade.$1.folder)/upgrade.yaml --output $(_beam.upgrade.$1.archive) \
		--stamp $(_beam.upgrade.$1.folder)/upgrade.stamp --depfile $(_beam.upgrade.$1.folder)/upgrade.d
	$$(call _beam.depfile,$(_beam.upgrade.$1.folder)/upgrade)

endef
_beam.rehearse_arguments = timeout=$(or $(strip $($1.upgrade.timeout)),120) $(foreach key,load probe,$(foreach \
	file,$(firstword $($1.upgrade.$(key))),$(key)=$(abspath $(file)))) $(foreach word,$($1.upgrade.env),$(call _beam.quote,env=$(word)))
define _beam.rehearse_rule
.PHONY: rehearse-$1
beam-rehearse: rehearse-$1
beam-check: rehearse-$1
rehearse-$1: $(_beam.upgrade.$1.folder)/upgrade.stamp
	$$(_beam.at)sh $$(_beam.driver)/rehearse.sh $(_beam.o)/test/results/rehearse-$1 $(_beam.upgrade.$1.archive) \
		$$(call _beam.rehearse_arguments,$1) -- $(call _beam.olds,$1)

endef
