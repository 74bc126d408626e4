# NIFs: libraries in priv/, where code:priv_dir/1 finds them, by the name that erlang:load_nif/2 asks for. A word of
# <id>.app.nifs is FILE.c, for a library of one source, or NAME=FILE,FILE... Private.

_beam.nif_endings := %.c %.cc %.cpp %.cxx
_beam.nif_sources = $(if $(findstring =,$1),$(subst $(_beam.comma), ,$(call _beam.after,=,$1)),$1)
_beam.nif_name = $(if $(findstring =,$1),$(call _beam.before,=,$1),$(basename $(notdir $1)))

# Where an object goes, for the source FILE of the library NAME of ID: _beam.nif_object(ID,NAME,FILE). The way to the file is
# part of its name: two sources in two folders may have one name.
_beam.nif_object = $(_beam.$1.state)/nif/$2/$(subst /,!,$(subst ..,__,$(patsubst $(_beam.$1.dir)/%,%,$(abspath $3)))).o

define _beam.nif_checks
$(if $(_beam.headers),,$(call _beam.fail,$1.app.nifs,needs erl_nif.h$(_beam.comma) and $(_beam.target) has none. Install the \
development files of Erlang/OTP.))
$(foreach word,$($1.app.nifs),$(foreach file,$(call _beam.nif_sources,$(word)),$(call \
_beam.check_file,$1.app.nifs,$(file))$(if $(filter $(_beam.nif_endings),$(file)),,$(call _beam.fail,$1.app.nifs,names \
'$(file)'$(_beam.comma) which is no source in C or C++. Write FILE.c or NAME=FILE.c$(_beam.comma)FILE.c))))
$(foreach nif,$(_beam.$1.nifs),$(if $(word 2,$(filter $(nif),$(_beam.$1.nifs))),$(call _beam.fail,$1.app.nifs,makes '$(nif).so' twice)))
endef
_beam.none := $(if $(_beam.idle),,$(foreach id,$(_beam.erlc_apps),$(if $(strip $($(id).app.nifs)),$(call _beam.nif_checks,$(id)))))

# macOS: the virtual machine supplies enif_* when it loads the library.
ifeq ($(shell uname -s),Darwin)
_beam.nif_link := -bundle -undefined dynamic_lookup
else
_beam.nif_link := -shared
endif
_beam.nif_flags = -fPIC -fvisibility=hidden -I$(_beam.headers)
CFLAGS ?= -O2
CXXFLAGS ?= -O2
_beam.is_cxx = $(filter %.cc %.cpp %.cxx,$1)
# _beam.nif_compile(ID,FILE), _beam.nif_linker(ID,FILES): the commands; when they change, all is made again.
_beam.nif_compile = $(if $(call _beam.is_cxx,$2),$(CXX) $(CPPFLAGS) $($1.app.nif_cppflags) $(CXXFLAGS) \
$($1.app.nif_cxxflags),$(CC) $(CPPFLAGS) $($1.app.nif_cppflags) $(CFLAGS) $($1.app.nif_cflags)) $(_beam.nif_flags)
_beam.nif_linker = $(if $(call _beam.is_cxx,$2),$(CXX) $(CXXFLAGS),$(CC) $(CFLAGS)) $(_beam.nif_link) $(LDFLAGS) $($1.app.nif_ldflags)

# _beam.nif_object_rule(ID,NAME,FILE,OBJECT)
define _beam.nif_object_rule
_beam.depfiles += $(4:.o=.d)
$4: $3 $(_beam.$1.state)/nif/$2.command
	$$(call _beam.say,Compiling $3)
	$$(_beam.at)mkdir -p $$(@D)
	$$(_beam.at)$$(call _beam.nif_compile,$1,$3) -MMD -MP -MF $(4:.o=.d) -MT $4 -c -o $4 $3

endef

# _beam.nif_rules(ID,NAME,FILES)
define _beam.nif_rules
define _beam.$1.nif.$2
$$(call _beam.nif_compile,$1,$3) -- $$(call _beam.nif_linker,$1,$3) -- $3 $$(LDLIBS) $$($1.app.nif_libs)

endef
$$(call _beam.text,$(_beam.$1.state)/nif/$2.command,_beam.$1.nif.$2)
$(foreach file,$3,$(call _beam.nif_object_rule,$1,$2,$(file),$(call _beam.nif_object,$1,$2,$(file))))
$(_beam.$1.output)/priv/$2.so: $(foreach file,$3,$(call _beam.nif_object,$1,$2,$(file))) $(_beam.$1.state)/nif/$2.command
	$$(call _beam.say,Linking $2.so)
	$$(_beam.at)mkdir -p $$(@D)
	$$(_beam.at)$$(call _beam.nif_linker,$1,$3) -o $$@.new $$(filter %.o,$$^) $$($1.app.nif_libs) $$(LDLIBS) && mv $$@.new $$@

endef
