# shellcheck shell=bash
# Sourced by tests that follow pages of the documentation literally. They set `top`, the source folder, and `work`, a folder of
# their own, and have fail TEXT. With set -e.
# shellcheck disable=SC2154,SC2164

# Splits a page into files and commands: block-N.LANGUAGE, and block-N.name for a block whose lead names a file.
split() {
	awk -v out="$2" '
		!inside && /^```[a-z]/ {
			inside = 1
			file = sprintf("%s/block-%02d.%s", out, ++n, substr($0, 4))
			if (name != "") print name >(sprintf("%s/block-%02d.name", out, n))
			name = ""
			printf "" >file
			next
		}
		inside && /^```$/ { inside = 0; close(file); next }
		inside { print >file; next }
		/^`[A-Za-z_\/.]+`/ { name = $1; gsub(/`/, "", name) }
		/^## / { name = "" }
	' "$1"
}

# follow PAGE: in the folder PAGE/shop, which becomes the current one; what its commands print is in PAGE/output-N.
follow() {
	local page=$work/$1 block file
	mkdir -p "$page/shop"
	split "$top/docs/tutorial/$1.md" "$page"
	cd "$page/shop"
	ran=0
	for block in "$page"/block-[0-9][0-9].*; do
		case $block in
		*.name) continue ;;
		esac
		if [ -f "${block%.*}.name" ]; then
			file=$(cat "${block%.*}.name")
			mkdir -p "$(dirname "$file")"
			cp "$block" "$file"
		elif [ "${block##*.}" = cmake ]; then
			cat "$block" >>CMakeLists.txt
		elif [ "${block##*.}" = sh ]; then
			echo "--- $block"
			sed 's/^/$ /' "$block"
			bash -euc "$(cat "$block")" >"$page/output" 2>&1 || {
				cat "$page/output"
				fail "these commands of $1.md failed"
			}
			cat "$page/output"
			cp "$page/output" "$page/output-$((ran += 1))"
		else
			fail "nobody runs $block"
		fi
	done
}
