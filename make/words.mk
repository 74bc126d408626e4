# Functions on words and texts, and how mistakes are told. Private.

_beam.empty :=
_beam.space := $(_beam.empty) $(_beam.empty)
_beam.tab := $(_beam.empty)	$(_beam.empty)
_beam.comma := ,
_beam.hash := \#
define _beam.nl


endef
_beam.lower := a b c d e f g h i j k l m n o p q r s t u v w x y z
_beam.upper := A B C D E F G H I J K L M N O P Q R S T U V W X Y Z
_beam.digits := 0 1 2 3 4 5 6 7 8 9

# As one word of the shell, whatever it holds.
_beam.quote = '$(subst ','\'',$1)'

# As a YAML string on one line.
_beam.yaml = "$(subst $(_beam.tab),\t,$(subst $(_beam.nl),\n,$(subst ",\",$(subst \,\\,$1))))"

# _beam.lines(LINES): what foreach made of lines, without the space that it puts between them. None may be empty: foreach
# puts two spaces around it.
_beam.lines = $(subst $(_beam.nl)$(_beam.space),$(_beam.nl),$1)

# The same for blocks of several lines, each of which begins with a tab that is taken away.
_beam.blocks = $(subst $(_beam.tab),,$(subst $(_beam.nl)$(_beam.space)$(_beam.tab),$(_beam.nl),$1))

# _beam.line(BEFORE,VALUE[,AFTER]): a line of these, if there is a value.
_beam.line = $(if $2,$1$2$3$(_beam.nl))

# _beam.unique(WORDS): each once, where it came first.
_beam.unique = $(if $(strip $1),$(firstword $1) $(call _beam.unique,$(filter-out $(firstword $1),$1)))

# _beam.without(LETTERS,TEXT): TEXT without these letters.
_beam.without = $(if $1,$(call _beam.without,$(wordlist 2,99,$1),$(subst $(firstword $1),,$2)),$2)

# _beam.before(SEPARATOR,WORD), _beam.after(SEPARATOR,WORD): of a word, the parts around the first SEPARATOR.
_beam.before = $(firstword $(subst $1, ,$2))
_beam.after = $(patsubst $(call _beam.before,$1,$2)$1%,%,$(filter $(call _beam.before,$1,$2)$1%,$2))

# ---- Mistakes are collected, and told together at the end.

_beam.faults :=

# _beam.fail(VARIABLE,TEXT): TEXT says what is wrong with VARIABLE, and what to do.
_beam.fail = $(eval _beam.faults := $$(_beam.faults)$$(_beam.nl)$$(call _beam.where,$$1)$$1 $$2)

# "FILE:LINE: " of the assignment, where one can be found; only asked for when something is wrong.
_beam.where = $(shell awk -v key=$(call _beam.quote,$1) -f $(_beam.folder)/where.awk /dev/null $(_beam.makefiles))

# _beam.hint(WORD,KNOWN): which of the known ones may be meant.
_beam.hint = $(shell awk -f $(_beam.folder)/nearest.awk $(foreach word,$1 $2,$(call _beam.quote,$(word))) </dev/null)

# _beam.check_one(VARIABLE): one word at most.
_beam.check_one = $(if $(word 2,$($1)),$(call _beam.fail,$1,is '$(strip $($1))': one word is wanted. \
A name with a space in it cannot be used with Make.))

# _beam.check_choice(VARIABLE,WORD,CHOICES)
_beam.check_choice = $(if $(filter-out $3,$2),$(call _beam.fail,$1,has '$2'$(_beam.comma) and must be one of: \
$(subst $(_beam.space),$(_beam.comma) ,$(strip $3)). $(call _beam.hint,$2,$3)))

# _beam.check_number(VARIABLE,WORD): whole, of up to DIGITS digits.
_beam.is_number = $(if $(call _beam.without,$(_beam.digits),$1)$(filter 0%,$(filter-out 0,$1)),,$1)
_beam.check_number = $(if $(call _beam.is_number,$2),,$(call _beam.fail,$1,has '$2'$(_beam.comma) and must be a whole number))

# _beam.check_file(VARIABLE,FILE): must be there, or in $(O), where the build may make it.
_beam.check_file = $(if $(filter $(_beam.o)/%,$(abspath $2)),,$(if $(wildcard $2),$(if $(wildcard $2/.),$(call \
_beam.fail,$1,names '$2'$(_beam.comma) which is a folder; a file is needed)),$(call _beam.fail,$1,names '$2'$(_beam.comma) \
and there is no $(abspath $2). A file that the build makes must be in $$(O).)))

# _beam.check_folder(VARIABLE,FOLDER)
_beam.check_folder = $(if $(filter $(_beam.o)/%,$(abspath $2)),,$(if $(wildcard $2/.),,$(call _beam.fail,$1,names \
'$2'$(_beam.comma) and there is no folder $(abspath $2))))

# Names: applications begin with a small letter; releases have small letters only; versions begin with a letter or digit.
_beam.is_application_name = $(if $(call _beam.without,$(_beam.lower) $(_beam.upper) $(_beam.digits) _ @,$1),,$(filter \
$(addsuffix %,$(_beam.lower)),$1))
_beam.is_release_name = $(if $(call _beam.without,$(_beam.lower) $(_beam.digits) _,$1),,$(filter \
$(addsuffix %,$(_beam.lower)),$1))
_beam.is_version = $(if $(call _beam.without,$(_beam.lower) $(_beam.upper) $(_beam.digits) . _ + ~ -,$1),,$(filter-out \
.% _% +% ~% -%,$1))
_beam.check_version = $(if $(strip $($1)),$(if $(call _beam.is_version,$(strip $($1))),,$(call _beam.fail,$1,is \
'$(strip $($1))': use digits$(_beam.comma) letters and . _ + ~ -)))

# ---- Files that say what a command works from. They are written when their text changes, and only then, so that the
# command runs exactly when it must. _beam.text(FILE,VARIABLE): FILE shall hold the text of VARIABLE.
_beam.equal = $(and $(findstring $1,$2),$(findstring $2,$1))
_beam.same = $(if $(wildcard $1),$(call _beam.equal,x$(subst $(_beam.nl), ,$($2))x,x$(shell cat $1) x))
define _beam.text_rule
$1: $$(if $$(call _beam.same,$1,$2),,beam-anew)
	$$(if $$(_beam.dry),,$$(shell mkdir -p $$(@D))$$(file >$$@.new,$$($2)))
	$$(_beam.at)mv $$@.new $$@

endef
_beam.text = $(eval $(call _beam.text_rule,$1,$2))
.PHONY: beam-anew
beam-anew:

# Commands are shown with V=1 only; what they do, always.
_beam.at := $(if $(filter-out 0,$(V)),,@)
_beam.say = @echo $(call _beam.quote,$1)
# make -n writes nothing.
_beam.dry := $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS))))

# _beam.depfile(NAME): the last command of a rule whose command has left NAME.d. Make includes NAME.mk.
_beam.depfile = $(_beam.at)awk -f $(_beam.folder)/depfile.awk $1.d >$1.mk.new && mv $1.mk.new $1.mk
_beam.depfiles :=
# Folders that are made before all else.
_beam.folders :=
