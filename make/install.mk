# install, clean, help, and the folders. Private.

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib

# A release goes to $(libdir)/NAME, with a link to its launcher in $(bindir). beamrel itself puts it there: complete or not at
# all, without what a release that was started in the build has left in its folder.
_beam.up = $(subst $(_beam.space),,$(foreach part,$(subst /, ,$1),../))
define _beam.install_rule
.PHONY: install-$1
beam-install: install-$1
install-$1: $(_beam.release.$1.folder)/assemble.stamp
	$$(call _beam.say,Installing release $(_beam.release.$1.name) in $$(DESTDIR)$$(libdir)/$(_beam.release.$1.name))
	$$(_beam.at)$$(_beam.beamrel) assemble --spec $(_beam.release.$1.folder)/spec.yaml --output $$(call \
		_beam.quote,$$(DESTDIR)$$(libdir)/$(_beam.release.$1.name))
	$$(_beam.at)mkdir -p $$(call _beam.quote,$$(DESTDIR)$$(bindir))
	$$(_beam.at)cd $(_beam.release.$1.output)/bin && for launcher in *; do \
		ln -sf $$(call _beam.quote,$$(call _beam.link,$(_beam.release.$1.name)))/$$$$launcher \
		$$(call _beam.quote,$$(DESTDIR)$$(bindir))/$$$$launcher || exit; done

endef
# Relative where both are below $(prefix), so that the installed tree can be moved as a whole.
_beam.link = $(if $(and $(filter $(prefix)/%,$(bindir)),$(filter $(prefix)/%,$(libdir))),$(call \
_beam.up,$(patsubst $(prefix)/%,%,$(bindir)))$(patsubst $(prefix)/%,%,$(libdir))/$1/bin,$(libdir)/$1/bin)

# What the project's own rules have put into $(O) is theirs; with it stays the mark that says whose folder this is.
beam-clean:
	$(if $(wildcard $(_beam.mark)),$(_beam.at)cd $(_beam.o) && rm -rf driver image lib project release state test upgrade && \
		{ [ "$$(ls -A)" != otp.mk ] || { cd / && rm $(_beam.mark) && rmdir $(_beam.o); }; })

define _beam.help
Goals:
  all                    applications and releases (the default)
  release, tarball       folders and archives of all releases; archives alone
  release-NAME, tarball-NAME, app-NAME
  image, context         images as OCI layouts; contexts for docker build
  image-load, image-push gives images to docker or podman; pushes them with skopeo
  image-NAME, context-NAME, image-load-NAME, image-push-NAME
  upgrade                packages that upgrade running releases
  rehearse               upgrades old releases while they run, and takes them back; part of check
  upgrade-NAME, rehearse-NAME
  eunit, ct, check       tests of applications; those, and of releases
  eunit-NAME, ct-NAME, test-NAME
  reproducible           builds all releases and images again, elsewhere, and says what differs
  install                puts releases into $(DESTDIR)$(libdir), their launchers into $(DESTDIR)$(bindir)
  clean, help
Variables: O=FOLDER for what is made ($(O)), V=1 shows commands, BEAMREL=PROGRAM, DESTDIR, prefix, bindir, libdir, CC, CFLAGS.
Applications: $(or $(_beam.apps),none)
Releases: $(or $(_beam.releases),none)
Images: $(or $(_beam.images),none)
Upgrades: $(or $(_beam.upgrades),none)
Tests: $(or $(strip $(foreach id,$(_beam.apps),$(foreach kind,$(call _beam.kinds,$(id)),$(kind)-$(id))) $(addprefix test-,$(_beam.tests))),none)
endef
beam-help:
	$(info $(_beam.help))@:
