# Images: <name>.image.*; what beam_add_image() does. Private.

_beam.health := interval timeout start_period retries
_beam.image_taken := ca_certificates timezones busybox

# ---- What is known of each: _beam.image.<id>.release, folder, archive, base (the spec that its own extends), git.
# Is the folder of the Makefile in a checkout of git?
_beam.above = $(if $(wildcard $1/.git),yes,$(if $(patsubst /%,%,$1),$(call _beam.above,$(patsubst %/,%,$(dir $1)))))
_beam.git := $(if $(_beam.images),$(if $(call _beam.above,$(CURDIR)),$(if $(_beam.idle),,$(shell command -v $(or $(BEAM_GIT),git)))))
define _beam.image_facts
_beam.image.$1.release := $$(or $$(firstword $$($1.image.release)),$1)
_beam.image.$1.folder := $$(_beam.o)/image/$1
_beam.image.$1.archive := $$(addprefix $$(_beam.o)/image/$1/,$$(if $$(filter yes,$$($1.image.archive)),$$(_beam.release.$$(or $$(firstword \
	$$($1.image.release)),$1).name)$$(addprefix -,$$(_beam.release.$$(or $$(firstword $$($1.image.release)),$1).version))-image.tar,$$(filter-out \
	no,$$(firstword $$($1.image.archive)))))
_beam.image.$1.git := $$(if $$(or $$(filter no,$$($1.image.git)),$$(and $$(strip $$($1.image.source)),$$(strip \
	$$($1.image.revision)))),,$$(_beam.git))
_beam.image.$1.base := $$(if $$(_beam.image.$1.git),$$(_beam.o)/image/$1/facts.yaml,$$(_beam.release.$$(or $$(firstword \
	$$($1.image.release)),$1).folder)/spec.yaml)

endef
$(foreach id,$(_beam.images),$(eval $(call _beam.image_facts,$(id))))

# ---- Checks.
_beam.image_ones := release base base_name platform user workdir prefix stop_signal source revision compression sysroot dockerfile archive git \
	epmd $(_beam.image_taken) $(addprefix healthcheck_,$(_beam.health))
define _beam.image_checks
$(foreach key,$(_beam.image_ones),$(call _beam.check_one,$1.image.$(key)))
$(if $(filter load push load-% push-%,$1),$(call _beam.fail,BEAM_IMAGES,has '$1'$(_beam.comma) and image-$1 is a goal of its own. Choose another name.))
$(if $(filter $(_beam.releases),$(_beam.image.$1.release)),,$(call _beam.fail,$1.image.release,is '$(_beam.image.$1.release)'$(_beam.comma) \
which BEAM_RELEASES does not name. $(call _beam.hint,$(_beam.image.$1.release),$(_beam.releases))))
$(if $(and $(strip $($1.image.platform)),$(strip $($1.image.platforms))),$(call _beam.fail,$1.image.platforms,and \
$1.image.platform contradict each other; give one))
$(foreach key,platform platforms,$(foreach word,$($1.image.$(key)),$(call _beam.check_platform,$1.image.$(key),$(subst $(_beam.comma), ,$(word)))))
$(if $(strip $($1.image.compression)),$(call _beam.check_choice,$1.image.compression,$(firstword $($1.image.compression)),gzip zstd none))
$(foreach key,git epmd,$(call _beam.check_choice,$1.image.$(key),$(firstword $($1.image.$(key))),yes no))
$(foreach key,$(_beam.health),$(if $(strip $($1.image.healthcheck_$(key))),$(call _beam.check_number,$1.image.healthcheck_$(key),$(strip \
$($1.image.healthcheck_$(key))))$(if $(strip $($1.image.healthcheck)),,$(call _beam.fail,$1.image.healthcheck_$(key),is \
set$(_beam.comma) and $1.image.healthcheck is not))))
$(foreach key,env labels annotations,$(foreach word,$($1.image.$(key)),$(if $(findstring =,$(patsubst =%,%,$(word))),,$(call \
_beam.fail,$1.image.$(key),has '$(word)'; write NAME=VALUE))))
$(foreach word,$($1.image.expose),$(if $(and $(call _beam.is_digits,$(call _beam.before,/,$(word))),$(filter \
$(call _beam.before,/,$(word)) %/tcp %/udp %/sctp,$(word))),,$(call _beam.fail,$1.image.expose,has '$(word)'; write PORT or \
PORT/tcp$(_beam.comma) as in 4000/tcp)))
$(foreach key,prefix workdir volumes,$(foreach word,$($1.image.$(key)),$(if $(filter /%,$(word)),,$(call _beam.fail,$1.image.$(key),has \
'$(word)'$(_beam.comma) and must be an absolute path in the image))))
$(foreach word,$($1.image.own),$(if $(call _beam.is_application_name,$(word)),,$(call _beam.fail,$1.image.own,names '$(word)'$(_beam.comma) \
which cannot be the name of an application)))
$(foreach word,$(filter-out auto,$($1.image.layers)),$(call _beam.check_layer,$1.image.layers,$(word),$(call _beam.before,=,$(word)),$(call \
_beam.after,=,$(word))))
$(if $(filter-out scratch,$(firstword $($1.image.base))),$(call _beam.check_base,$1.image.base,$(call _beam.before,@,$(firstword $($1.image.base)))))
$(foreach file,$(firstword $($1.image.dockerfile)),$(call _beam.check_file,$1.image.dockerfile,$(file)))
$(foreach key,ca_certificates busybox,$(foreach file,$(filter-out yes no,$(firstword $($1.image.$(key)))),$(call \
_beam.check_file,$1.image.$(key),$(file))))
$(foreach folder,$(firstword $($1.image.sysroot)),$(call _beam.check_folder,$1.image.sysroot,$(folder)))
$(foreach folder,$(filter-out yes no,$(firstword $($1.image.timezones))),$(call _beam.check_folder,$1.image.timezones,$(folder)))
$(if $(or $(filter-out yes no %.tar,$($1.image.archive)),$(findstring /,$($1.image.archive))),$(call _beam.fail,$1.image.archive,is '$(strip \
$($1.image.archive))': yes$(_beam.comma) no$(_beam.comma) or a file's name that ends with .tar))
endef
_beam.is_digits = $(if $1,$(if $(call _beam.without,$(_beam.digits),$1),,$1))
# _beam.check_platform(VARIABLE,NAME SETTING...)
_beam.check_platform = $(if $(findstring /,$(firstword $2)),,$(call _beam.fail,$1,has '$(firstword $2)'; write OS/ARCHITECTURE$(_beam.comma) as in linux/arm64))$(foreach setting,$(wordlist 2,99,$2),$(if $(findstring =,$(setting)),$(call \
_beam.check_choice,$1,$(call _beam.before,=,$(setting)),base otp sysroot paths)$(if $(filter base=%,$(setting)),,$(call \
_beam.check_folder,$1,$(call _beam.after,=,$(setting)))),$(call _beam.fail,$1,has '$(setting)' for \
$(firstword $2); write KEY=VALUE$(_beam.comma) as in $(firstword $2)$(_beam.comma)otp=/opt/otp)))
_beam.check_layer = $(if $(or $(call _beam.without,$(_beam.lower) $(_beam.digits) _ -,$3),$(if $(filter $(addsuffix %,$(_beam.lower)),$3),,x),$(and $(findstring \
=,$2),$(if $4,,x))),$(call _beam.fail,$1,has '$2'; write auto alone$(_beam.comma) or NAME$(_beam.comma) or NAME=ITEM$(_beam.comma)ITEM: \
applications$(_beam.comma) and paths with a slash in them))
_beam.check_base = $(if $(filter $(_beam.o)/%,$(abspath $2)),,$(if $(wildcard $2),,$(call _beam.fail,$1,names '$2'$(_beam.comma) and there is no \
$(abspath $2). A base is a folder or an archive on this machine$(_beam.comma) as skopeo copy docker://NAME oci:FOLDER makes it; or scratch.)))

_beam.none := $(foreach id,$(_beam.images),$(call _beam.image_checks,$(id)))

# ---- The spec: the keys of docs/reference/spec.md, as beam_add_image() writes them.
# _beam.image_list(KEY,WORDS,GIVEN): a list, empty too if it is given so.
_beam.image_list = $(if $(strip $2)$3,$(if $(strip $2),$(call _beam.spec_list,  $1,$2),  $1: []$(_beam.nl)))
# What is set, if only to nothing.
_beam.given = $(if $(call _beam.is_set,$1),x)
# _beam.image_set(ID,KEYS,PREFIX): of these the ones that have a value, and not `no`.
_beam.image_set = $(strip $(foreach key,$2,$(if $(filter-out no,$($1.image.$3$(key))),$(key))))
# _beam.image_base(PATH[@DIGEST])
_beam.image_base = $(if $(filter scratch,$1),$1,$(if $1,$(abspath $(call _beam.before,@,$1))$(addprefix @,$(call _beam.after,@,$1))))
# _beam.image_platform(NAME SETTING...)
_beam.image_platform = $(_beam.tab)    - platform: $(call _beam.yaml,$(firstword $1))$(_beam.nl)$(call \
_beam.lines,$(foreach setting,$(filter-out paths=%,$(wordlist 2,99,$1)),      $(call _beam.before,=,$(setting)): $(call _beam.yaml,$(if $(filter \
base=%,$(setting)),$(call _beam.image_base,$(call _beam.after,=,$(setting))),$(abspath $(call _beam.after,=,$(setting)))))$(_beam.nl)))$(if $(filter \
paths=%,$1),$(call _beam.spec_list,      paths,$(foreach setting,$(filter paths=%,$1),$(abspath $(call _beam.after,=,$(setting))))))
# _beam.image_layer(NAME,ITEMS)
_beam.slashed = $(foreach item,$1,$(if $(findstring /,$(item)),$(item)))
_beam.image_layer = $(_beam.tab)    - name: $(call _beam.yaml,$1)$(_beam.nl)$(if $(filter-out $(call _beam.slashed,$2),$2),$(call \
_beam.spec_list,      applications,$(filter-out $(call _beam.slashed,$2),$2)))$(if $(call _beam.slashed,$2),$(call \
_beam.spec_list,      paths,$(patsubst %/,%,$(call _beam.slashed,$2))))
# _beam.image_pairs(ID,KEY): words, and variables for values with spaces.
_beam.image_keys = $(filter $1.image.$2.%,$(_beam.set))
_beam.image_pairs = $(if $(strip $($1.image.$2))$(call _beam.image_keys,$1,$2),  $2:$(_beam.nl))$(call \
_beam.lines,$(foreach word,$($1.image.$2),    $(call _beam.yaml,$(call _beam.before,=,$(word))): $(call _beam.yaml,$(patsubst \
$(call _beam.before,=,$(word))=%,%,$(word)))$(_beam.nl)))$(call \
_beam.lines,$(foreach name,$(call _beam.image_keys,$1,$2),    $(call _beam.yaml,$(name:$1.image.$2.%=%)): $(call _beam.yaml,$($(name)))$(_beam.nl)))
# The applications that change with each commit: those that this build makes for the release, without a project's dependencies.
_beam.image_own = $(or $(strip $($1.image.own)),$(call _beam.unique,$(if $(_beam.release.$(_beam.image.$1.release).base),,$(foreach \
id,$(_beam.release.$(_beam.image.$1.release).ours),$(foreach name,$(_beam.$(id).provides),$(if $(or $(filter $(_beam.erlc_apps),$(id)),$(filter \
$(firstword $(_beam.$(id).provides)),$(name)),$(wildcard $(_beam.$(id).dir)/apps/$(name)/. $(_beam.$(id).dir)/src/$(name).app.src)),$(name)))))))

define _beam.image_spec
release:
$(call _beam.spec_text,  extends,$(_beam.image.$1.base))image:
$(call _beam.spec_text,  base,$(call _beam.image_base,$(firstword $($1.image.base))))$(call \
_beam.spec_text,  base_name,$(strip $($1.image.base_name)))$(call \
_beam.spec_text,  platform,$(strip $($1.image.platform)))$(if \
$(strip $($1.image.platforms)),  platforms:$(_beam.nl))$(call \
_beam.blocks,$(foreach word,$($1.image.platforms),$(call _beam.image_platform,$(subst $(_beam.comma), ,$(word)))))$(if \
$(strip $(filter-out auto,$($1.image.layers))),  layers:$(_beam.nl))$(call \
_beam.blocks,$(foreach word,$(filter-out auto,$($1.image.layers)),$(call _beam.image_layer,$(call _beam.before,=,$(word)),$(subst \
$(_beam.comma), ,$(call _beam.after,=,$(word))))))$(call \
_beam.spec_text,  compression,$(strip $($1.image.compression)))$(call \
_beam.spec_text,  prefix,$(strip $($1.image.prefix)))$(call \
_beam.spec_text,  user,$(strip $($1.image.user)))$(call \
_beam.spec_text,  workdir,$(strip $($1.image.workdir)))$(call \
_beam.spec_text,  stop_signal,$(strip $($1.image.stop_signal)))$(call \
_beam.image_list,ports,$($1.image.expose))$(call \
_beam.image_list,volumes,$($1.image.volumes))$(call \
_beam.image_list,entrypoint,$($1.image.entrypoint),$(call _beam.given,$1.image.entrypoint))$(call \
_beam.image_list,command,$($1.image.command),$(call _beam.given,$1.image.command))$(if \
$(strip $($1.image.healthcheck)),  healthcheck:$(_beam.nl)$(call _beam.spec_list,    command,$($1.image.healthcheck)))$(call \
_beam.lines,$(foreach key,$(call _beam.image_set,$1,$(_beam.health),healthcheck_),    $(key): $(strip $($1.image.healthcheck_$(key)))$(_beam.nl)))$(call \
_beam.spec_text,  source,$(strip $($1.image.source)))$(call \
_beam.spec_text,  revision,$(strip $($1.image.revision)))$(call \
_beam.spec_text,  dockerfile,$(abspath $(strip $($1.image.dockerfile))))$(call \
_beam.spec_text,  sysroot,$(abspath $(strip $($1.image.sysroot))))$(call \
_beam.lines,$(foreach key,$(call _beam.image_set,$1,$(_beam.image_taken)),  $(key): $(if $(filter yes,$($1.image.$(key))),true,$(call \
_beam.yaml,$(abspath $(strip $($1.image.$(key))))))$(_beam.nl)))$(if $(filter yes,$($1.image.epmd)),  epmd: true$(_beam.nl))$(call \
_beam.image_list,tags,$($1.image.tags))$(call \
_beam.image_list,own,$(call _beam.image_own,$1))$(call \
_beam.image_pairs,$1,env)$(call \
_beam.image_pairs,$1,labels)$(call \
_beam.image_pairs,$1,annotations)
endef

# ---- Rules.
# _beam.image_rule(ID,COMMAND,OUTPUT,OPTIONS,WHAT)
define _beam.image_rule
_beam.depfiles += $(_beam.image.$1.folder)/$2.mk
$(_beam.image.$1.folder)/$2.stamp: $(_beam.image.$1.folder)/image.yaml $(_beam.beamrel) $(if $(_beam.image.$1.git),$(_beam.image.$1.base)) \
		$(_beam.release.$(_beam.image.$1.release).folder)/spec.yaml $(call _beam.release_needs,$(_beam.image.$1.release)) \
		$($1.image.depends) | beam-folders
	$$(call _beam.say,$5)
	$$(_beam.at)$$(_beam.beamrel) $2 --spec $(_beam.image.$1.folder)/image.yaml --output $(_beam.image.$1.folder)/$3 $4 \
		--stamp $(_beam.image.$1.folder)/$2.stamp --depfile $(_beam.image.$1.folder)/$2.d
	$$(call _beam.depfile,$(_beam.image.$1.folder)/$2)

endef
# The script writes the file when it becomes another.
define _beam.git_rule
$(_beam.image.$1.base): beam-anew | beam-folders
	$$(_beam.at)sh $$(_beam.driver)/git_facts.sh $$(_beam.git) $$(CURDIR) $$(_beam.o) $$@ \
		$$(call _beam.quote,$$(call _beam.yaml,$(_beam.release.$(_beam.image.$1.release).folder)/spec.yaml))

endef
define _beam.image_tags
$(call _beam.lines,$(foreach word,$($1.image.tags),$(word)$(_beam.nl)))
endef
define _beam.image_rules
.PHONY: image-$1 context-$1 image-load-$1 image-push-$1
beam-image: image-$1
beam-context: context-$1
beam-image-load: image-load-$1
beam-image-push: image-push-$1
image-$1: $(_beam.image.$1.folder)/image.stamp
context-$1: $(_beam.image.$1.folder)/context.stamp
_beam.image.$1.spec = $$(call _beam.image_spec,$1)
_beam.image.$1.tags = $$(call _beam.image_tags,$1)
_beam.folders += $(_beam.image.$1.folder)
$$(call _beam.text,$(_beam.image.$1.folder)/image.yaml,_beam.image.$1.spec)
$$(call _beam.text,$(_beam.image.$1.folder)/tags,_beam.image.$1.tags)
$(if $(_beam.image.$1.git),$(call _beam.git_rule,$1))
$(call _beam.image_rule,$1,image,layout,--digest-file $(_beam.image.$1.folder)/digest $(addprefix \
	--archive ,$(_beam.image.$1.archive)),Making image $1 of release $(_beam.release.$(_beam.image.$1.release).name))
$(call _beam.image_rule,$1,context,context,,Making the context of image $1)
image-load-$1: $(_beam.image.$1.folder)/image.stamp $(_beam.image.$1.folder)/tags
	$$(_beam.at)sh $$(_beam.driver)/image_load.sh $$(call _beam.quote,$$(_beam.engine)) $(_beam.image.$1.folder)/layout $(_beam.image.$1.folder)/tags
image-push-$1: $(_beam.image.$1.folder)/image.stamp $(_beam.image.$1.folder)/tags
	$$(_beam.at)sh $$(_beam.driver)/image_push.sh $$(call _beam.quote,$$(_beam.skopeo)) $(_beam.image.$1.folder)/layout $(_beam.image.$1.folder)/tags \
		$$(BEAM_PUSH_OPTIONS)

endef
# Looked for when they are needed.
_beam.engine = $(or $(BEAM_ENGINE),$(firstword $(shell command -v docker) $(shell command -v podman)))
_beam.skopeo = $(shell command -v $(or $(BEAM_SKOPEO),skopeo))
