# SPDX-License-Identifier: GPL-2.0-only
# What the scripts of this folder share; to be sourced with `set -euo pipefail` in force.
# Sets $here, this folder, and $work, where everything is made.
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/machine.sh"
. "$here/plan.sh"
. "$here/boots.sh"
export LC_ALL=C
# For depmod and modprobe.
PATH=$PATH:/usr/sbin:/sbin

if [[ ${BOOT_WORK:-} ]]; then
	mkdir -p "$BOOT_WORK"
	work=$(mktemp -d "$BOOT_WORK/${0##*/}.XXXXXX")
else
	work=$(mktemp -d "${TMPDIR:-/tmp}/btfbatch-boot.XXXXXX")
fi
clean_up() {
	machine_kill
	[[ ${BOOT_WORK:-} ]] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 2' INT TERM

# The test cannot run, or not be trusted; a verdict is another matter.
die() {
	echo "${0##*/}: $*" >&2
	exit 2
}

usage() {
	sed -n "/^# ${0##*/}/s/^# //p" "$0" >&2
	exit 2
}

# check NAME COMMAND...: one test, counted in $passed or $failed. What it says is shown where
# it fails.
passed=0 failed=0
check() {
	local name=$1 status
	shift
	# Not as a condition: errexit would not hold in there.
	set +e
	(
		set -e
		"$@"
	) >"$work/output" 2>&1
	status=$?
	set -e
	if ((status == 0)); then
		passed=$((passed + 1))
		echo "passed: $name"
	else
		failed=$((failed + 1))
		echo "FAILED: $name"
		sed 's/^/    /' "$work/output"
	fi
}

# unpack FILE: a module as the kernel takes it, on stdout.
unpack() {
	case $1 in
	*.xz) xz -dc -- "$1" ;;
	*.zst) zstd -qdc -- "$1" ;;
	*.gz) gzip -dc -- "$1" ;;
	*) cat -- "$1" ;;
	esac
}

# unsign FILE: takes off the signature of a module that is to be changed: it would be all that
# the kernel looks at. (struct module_signature, 12 bytes, ends in the signature's length, in
# front of the marker at the file's end.)
unsign() {
	local size length
	[[ $(tail -c 28 "$1" | tr -d '\0') == '~Module signature appended~' ]] || return 0
	size=$(stat -c %s "$1")
	length=$((16#$(tail -c 32 "$1" | head -c 4 | od -An -tx1 | tr -d ' \n')))
	((length + 40 < size)) || die "$1: signature longer than the file"
	truncate -s $((size - length - 40)) "$1"
}

# modules_in DIR: the module files below it, relative to it.
modules_in() {
	(cd "$1" && find . \( -name '*.ko' -o -name '*.ko.gz' -o -name '*.ko.xz' -o -name '*.ko.zst' \) \
		! -type d -printf '%P\n' | sort)
}

# compile OUT: the guest's programs into OUT/bin, and the BPF objects that are loaded from
# files into OUT/bpf. An object that a program has within itself is made a header first.
compile() {
	local guest=$here/guest bin=$1/bin bpf=$1/bpf name
	local -a link=(-lbpf -lelf -lz)
	local -a flags=(-std=gnu11 -O2 -g -Wall -Wextra -Werror -D_GNU_SOURCE -static -I "$work")
	mkdir -p "$bin" "$bpf"
	for name in parser loop bbr conntrack_xdp conntrack_tc nat tcp_bbr tcp_dctcp; do
		clang -O2 -g -Wall -Werror -target bpf -D__TARGET_ARCH_x86 -I/usr/include/x86_64-linux-gnu \
			-c "$guest/$name.bpf.c" -o "$bpf/$name.bpf.o"
	done
	for name in parser loop bbr; do
		bpftool gen skeleton "$bpf/$name.bpf.o" name "$name" >"$work/$name.skel.h"
	done
	gcc "${flags[@]}" -o "$bin/insert" "$guest"/{insert,blob,plan,parser,say,say_libbpf}.c "${link[@]}"
	gcc "${flags[@]}" -o "$bin/programs" "$guest"/{programs,say,say_libbpf}.c "${link[@]}"
	gcc "${flags[@]}" -o "$bin/trace" "$guest"/{trace,trace_loop,trace_bbr,say,say_libbpf}.c "${link[@]}"
	strip "$bin"/{insert,programs,trace}
}

# root_make: $root, the machine's file system but for its modules. The programs are those of
# $BOOT_GUEST, where that is set: run.sh compiles them once.
root_make() {
	root=$work/root
	mkdir -p "$root"/{proc,sys,dev,m,b}
	if [[ ${BOOT_GUEST:-} ]]; then
		cp -r "$BOOT_GUEST/." "$root/"
	else
		compile "$root"
	fi
	cp "$(command -v busybox)" "$root/bin/busybox"
	install -m 755 "$here/guest/init" "$root/init"
}

# root_pack: $work/root.cpio of it. What a boot adds is a second archive behind it.
root_pack() {
	pack "$root" "$work/root.cpio"
	rm -rf "$root"
}

pack() { # DIR ARCHIVE
	(cd "$1" && find . -mindepth 1 | sort | cpio -o -H newc -R 0:0 --quiet) >"$2"
}

# root_module NUMBER FILE BLOB: the module, and what the kernel must have of it (the file BLOB
# or, where there is none, the module's own section), as the plan's line NUMBER names them.
# Prints the plan's fields PATH and BLOB.
root_module() {
	local path=m/$1 blob=b/$1
	unpack "$2" >"$root/$path.ko"
	if [[ -f $3 ]]; then
		cp "$3" "$root/$blob"
	else
		# A copy to nowhere: without the second file objcopy would rewrite the first.
		objcopy --dump-section .BTF="$root/$blob" "$root/$path.ko" /dev/null 2>/dev/null || true
	fi
	[[ -s $root/$blob ]] && blob=/$blob || blob=-
	printf '/%s.ko\t%s' "$path" "$blob"
}
