# SPDX-License-Identifier: GPL-2.0-only
# Which modules go into the machine, and in which order. Sourced by lib.sh.

# stage EMBEDDED MODULES: $stage/lib/modules/$version, links to the modules of EMBEDDED and, for
# what that does not have, to those of MODULES, with depmod's data on them.
stage() {
	local tree
	version=$(basename "$(realpath "$2")")
	stage=$work/stage
	tree=$stage/lib/modules/$version
	mkdir -p "$tree"
	cp -rs "$(realpath "$2")/." "$tree/"
	# The same module, of whatever compression.
	awk '
		FNR == NR { sub(/\.ko.*/, ""); stems[$0]; next }
		{ file = $0; sub(/\.ko.*/, "") }
		$0 in stems { print file }' <(modules_in "$1") <(modules_in "$tree") |
		(cd "$tree" && xargs -r -d '\n' rm)
	cp -rsf "$(realpath "$1")/." "$tree/"
	depmod -b "$stage" "$version" || die "depmod fails"
}

# sequence NAME...: the modules and what they depend on, in the order of insertion, a line each:
#
#	NUMBER NAME FILE NEEDED-NUMBER...
#
# parted by tabs, the numbers by spaces. modprobe says it, soft dependencies too: for each
# NAME what it would insert, that itself last.
sequence() {
	modprobe -C /dev/null -d "$stage" -S "$version" -a --show-depends "$@" >"$work/depends" ||
		die "modprobe knows not all of the modules"
	printf '%s\n' "$@" | awk '
		FNR == NR { gsub(/-/, "_"); wanted[FNR] = $1; at = 1; next }
		{
			name = $2
			sub(/.*\//, "", name)
			sub(/\.ko.*/, "", name)
			gsub(/-/, "_", name)
		}
		$1 == "insmod" && !(name in number) {
			number[name] = ++count
			print count "\t" name "\t" $2 "\t" needs
		}
		name == wanted[at] { at++; needs = ""; next }
		name in number { needs = needs " " number[name] }' - "$work/depends"
}

# plan_lines ACTION < sequence: the plan's lines (guest/plan.h), their files in $root. A module's
# blob is that of its path in the directory $blobs.
plan_lines() {
	local number name file needs path tree=$stage/lib/modules/$version
	while IFS=$'\t' read -r number name file needs; do
		path=${file#"$tree/"}
		printf '%s\t%s\t%s\t%s\n' "$name" "$1" \
			"$(root_module "$number" "$file" "$blobs/${path%.ko*}.ko.btf")" "$needs"
	done
}
