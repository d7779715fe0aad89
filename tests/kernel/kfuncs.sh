# SPDX-License-Identifier: GPL-2.0-only
# The modules that have kfuncs, and BTF that makes btfbatch change their .BTF_ids. Sourced by
# run.sh, in front of which lib.sh stands.

# kfunc_modules TREE: those of its modules that have a .BTF_ids section with functions.
kfunc_modules() {
	local file
	while IFS= read -r file; do
		# All is read: a pipe that breaks would be a failure.
		! unpack "$1/$file" | grep -a __BTF_ID__func__ >/dev/null || echo "$file"
	done < <(modules_in "$1")
}

# kfuncs FILE: the functions in its sets.
kfuncs() {
	unpack "$1" >"$work/kfuncs.ko"
	readelf -sW "$work/kfuncs.ko" | sed -n 's/.* __BTF_ID__func__\(.*\)__[0-9]*$/\1/p'
}

# called OBJECT...: the kfuncs that these BPF objects call.
called() {
	local object
	for object; do
		readelf -sW "$object" | awk '$7 == "UND" && $8 != "" { print $8 }'
	done
}

# renumber FILE FIRST: raises the ids of an uncompressed module's own types, of which FIRST is
# the first (renumber.c), and takes off the signature, which does not hold any more.
renumber() {
	unsign "$1"
	objcopy --dump-section .BTF="$work/r.btf" --dump-section .BTF_ids="$work/r.ids" "$1" /dev/null
	"$work/renumber" "$2" "$work/r.btf" "$work/r.ids"
	objcopy --update-section .BTF="$work/r.btf" --update-section .BTF_ids="$work/r.ids" "$1"
}
