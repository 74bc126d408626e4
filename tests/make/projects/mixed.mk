# What examples/mixed/CMakeLists.txt says.
BEAM_VERSION := 1.0.0
BEAM_APPLICATIONS := distance spell spell_web
BEAM_RELEASES := spell_release

distance.app.dir := distance
distance.app.nifs := distance/c_src/distance_nif.c
distance.app.description := How far words are from each other
spell.app.dir := spell
spell.app.builder := mix
spell.app.depends := distance
spell_web.app.dir := spell_web
spell_web.app.depends := spell

spell_release.release.name := spell
spell_release.release.apps := spell_web sasl
spell_release.release.sys_config := rel/sys.config
spell_release.release.runtime_config := rel/runtime.exs
spell_release.release.vm_args := rel/vm.args
spell_release.release.commands := suggest=rel/suggest.sh
spell_release.release.overlay := rel/overlay
spell_release.release.hook.pre_start := rel/check_words.sh:timeout=10
spell_release.release.hook.post_start := rel/note.sh:on_failure=ignore
spell_release.release.hook.post_stop := rel/note.sh:on_failure=ignore
include $(BEAMRELEASE)/beamrelease.mk
