# Everything a second time, elsewhere, and compared: what beam_add_reproducible_test() does. Private.

# In the order in which they are compared.
_beam.outputs = $(foreach id,$(_beam.releases),$(_beam.release.$(id).archive)) \
	$(foreach id,$(_beam.images),$(_beam.image.$(id).folder)/layout) \
	$(foreach id,$(_beam.upgrades),$(_beam.upgrade.$(id).archive))
_beam.output_goals = $(if $(_beam.releases),beam-tarball) $(if $(_beam.images),beam-image) $(if $(_beam.upgrades),beam-upgrade)

.PHONY: reproducible beam-reproducible
reproducible: beam-reproducible
_beam.place := $(_beam.o)/test/reproducible
# The copy has the rest of the command line by MAKEFLAGS, but not the jobs: they are one of the things that vary.
beam-reproducible: $(_beam.output_goals)
	$(_beam.at)mkdir -p $(_beam.o)/test
	$(_beam.at)sh $(_beam.driver)/reproduce.sh $(CURDIR) $(_beam.place) $(_beam.o) -- \
		$(MAKE) --no-print-directory -j1 -f $(firstword $(MAKEFILE_LIST)) \
		O=$(_beam.place)/elsewhere/build BEAMREL=$(_beam.beamrel) $(_beam.output_goals) >$(_beam.o)/test/reproducible.log 2>&1 || \
		{ cat $(_beam.o)/test/reproducible.log; echo "the project could not be built a second time" >&2; exit 1; }
	$(_beam.at)grep '^reproduce: ' $(_beam.o)/test/reproducible.log; \
	faults=0; for output in $(patsubst $(_beam.o)/%,%,$(_beam.outputs)); do \
		if $(_beam.beamrel) diff $(_beam.o)/$$output $(_beam.place)/elsewhere/build/$$output; then \
			echo "$$output: the same in both builds"; \
		else \
			echo "$$output: not reproducible; the second build is in $(_beam.place)/elsewhere" >&2; faults=1; \
		fi; \
	done; [ $$faults = 0 ] && rm -rf $(_beam.place)

