#!/bin/sh
# mix_inside.sh BEAMREL PREFIX VERSION
# Run by mix.sh where an Elixir is at home, in a folder that holds projects/.
set -eu
beamrel=$1 prefix=$2 version=$3
top=$(pwd)
failed=0
export HOME="$top/home"
mkdir "$HOME"

fault() {
	printf 'mix_inside.sh: %s\n' "$*" >&2
	failed=1
}

# Everything below projects/, with times: nothing of it may change.
listing() {
	(cd "$top/projects" && find . -printf '%p %y %m %s %T@ %l\n' | LC_ALL=C sort)
}

# build PROJECT: every release of its CMakeLists.txt; then again, which must do nothing.
build() {
	built=yes
	cmake -S "projects/$1" -B "build/$1" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DBeamRelease_GENERATOR=$beamrel" \
		"-DCMAKE_PREFIX_PATH=$prefix" >"$1.log" 2>&1 || built=
	cmake --build "build/$1" --target release >>"$1.log" 2>&1 || built=
	[ "$built" ] || {
		cat "$1.log"
		fault "$1 was not built"
		return 0
	}
	# The sources give no reason for one, nor must the driver. What a release of an umbrella has of the configuration is all.
	! grep -i warning "$1.log" | grep -v 'there are settings for' >&2 || fault "building $1 warns"
	again=$(cmake --build "build/$1" --target release)
	case $again in
	*'no work to do'*) ;;
	*) fault "a second build of $1 did something: $again" ;;
	esac
}

# compare PROJECT TARGET NAME [RELEASE]: with what mix makes.
compare() {
	theirs=$top/theirs/$1/$3
	(cd "copy/$1" && mix release ${4:+"$4"} --path "$theirs" --overwrite --quiet) >mix.log 2>&1 </dev/null || {
		cat mix.log
		fault "mix made no release $3 of $1"
		return 0
	}
	elixir projects/oracle.exs "$top/build/$1/beam/Release/release/$2/$5" "$theirs" ||
		fault "the release $3 of $1 is not the one of mix"
}

elixir --version | tail -n 1
chmod -R a-w projects
listing >before
build store
build elixir
build umbrella
listing >after
cmp before after || fault "sources were changed: $(diff before after | head -n 5)"

# It runs, with what runtime.exs and both providers say.
store=build/store/beam/Release/release/store_release/store_release/bin/store
export RELEASE_STATE_DIR="$top/state"
mkdir "$RELEASE_STATE_DIR"
said=$(STORE_PORT=4711 "$store" eval 'for app <- [:box, :shelf, :store], do: Application.ensure_all_started(app)
	IO.inspect({Store.colour(), Store.words("ab"), Store.priv(), to_string(%Store.Crate{items: [1]}), :store_erl.hello()})
	IO.inspect(Enum.sort(Application.get_all_env(:store)) |> Keyword.take([:env_at_start, :level, :port, :text]))
	IO.inspect({Protocol.consolidated?(Shelf.Size), Shelf.Size.size(%Store.Crate{items: [1]})})') || fault "store does not run"
[ "$said" = '{{:red, 42}, [{:word, 1, ~c"ab"}], "data\n", "crate of 1", :hello_from_shelf}
[env_at_start: :prod, level: :production, port: 4711, text: "more"]
{true, 1}' ] || [ "$said" = '{{:red, 42}, [{:word, 1, '"'ab'"'}], "data\n", "crate of 1", :hello_from_shelf}
[env_at_start: :prod, level: :production, port: 4711, text: "more"]
{true, 1}' ] || fault "store says $said"

# Mix works in a copy, because it writes to sources.
cp -R projects copy
chmod -R u+w copy
export MIX_ENV=prod ERL_COMPILER_OPTIONS=deterministic
compare store store_release store '' store_release
# One version is compared in all respects, the others in those where versions differ.
names="lean kept"
[ "$version" != 25 ] || names="lean kept early loose"
for name in $names; do
	compare store "${name}_release" "$name" "$name" "$name"
done
compare elixir parcel_release parcel '' parcel
compare umbrella board board board board
exit $failed
