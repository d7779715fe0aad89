# SPDX-License-Identifier: GPL-2.0-only
# Faults to be put into embedded modules, in place and of equal length: nothing else of the
# file changes. Sourced by run.sh, in front of which lib.sh stands.

# section_at FILE SECTION: its offset in the ELF file and its size, decimal.
section_at() {
	readelf -SW "$1" | sed 's/^ *\[ *\([0-9]*\)\]/\1/' |
		awk -v name="$2" '$2 == name { print $5, $6; found = 1 } END { exit !found }' |
		while read -r offset size; do
			echo $((16#$offset)) $((16#$size))
		done
}

bytes() { # FILE OFFSET SIZE
	dd if="$1" bs=4096 iflag=skip_bytes,count_bytes skip="$2" count="$3" status=none
}

overwrite() { # FILE OFFSET < BYTES
	dd of="$1" bs=4096 seek="$2" oflag=seek_bytes conv=notrunc status=none
}

# faulty_tree TREE NEW PATH...: NEW is TREE, with the modules PATH copied to be changed.
faulty_tree() {
	local tree=$1 new=$2 path
	shift 2
	mkdir "$new"
	cp -rs "$(realpath "$tree")/." "$new/"
	for path; do
		rm "$new/$path"
		cp "$tree/$path" "$new/$path"
		unsign "$new/$path"
	done
}

# fault_name FILE: another letter at the end of the last of the blob's strings. The
# kernel has nothing against it.
fault_name() {
	local offset size letter
	read -r offset size < <(section_at "$1" .BTF)
	letter=$(bytes "$1" $((offset + size - 2)) 1)
	[[ $letter =~ [a-z] ]] || die "$1: the blob does not end in a name"
	printf '%s' "$letter" | tr a-z b-za | overwrite "$1" $((offset + size - 2))
}

# fault_magic FILE: no BTF for the kernel.
fault_magic() {
	local offset size
	read -r offset size < <(section_at "$1" .BTF)
	printf '\x00' | overwrite "$1" "$offset"
}

# fault_ids FILE BEFORE: the ids of BEFORE, the module whose blob was another.
fault_ids() {
	local offset size from
	read -r offset size < <(section_at "$1" .BTF_ids)
	read -r from _ < <(section_at "$2" .BTF_ids)
	bytes "$2" "$from" "$size" >"$work/ids"
	! bytes "$1" "$offset" "$size" | cmp -s - "$work/ids" || die "$1: its ids are those of $2"
	overwrite "$1" "$offset" <"$work/ids"
}

# fault_init FILE: an instruction that is none (ud2) where the module's initialisation begins,
# behind ftrace's call of five bytes.
fault_init() {
	local offset
	read -r offset _ < <(section_at "$1" .init.text)
	printf '\x0f\x0b' | overwrite "$1" $((offset + 5))
}
