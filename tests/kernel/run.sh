#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# run.sh [--all] VMLINUZ MODULES: a real kernel's word on modules that btfbatch changed.
#
# VMLINUZ is the kernel, MODULES its unpacked tree (/lib/modules/VERSION of a Debian image
# package). $BTFBATCH embeds split BTF into the modules; then qemu boots VMLINUZ with
# them, and what the kernel says of them is compared with what is expected:
#
#   1. Each module that was inserted has exactly the blob in /sys/kernel/btf/NAME that
#      `btfbatch -o` wrote for it, and the kernel log has no complaint (verdict.awk
#      says what counts as one).
#   2. BPF programs that are attached to functions of modules, and read fields of types that
#      only these modules have (CO-RE), fire and read what they ought to.
#   3. BPF programs that call the modules' kfuncs load; before the modules are inserted
#      they do not.
#   4. Each of this can fail: boots with one fault put in are caught by the same verdict.
#
# Without --all the modules are those of modules.list, with what they depend on. With it,
# all of MODULES but those of modules.skip: what the kernel will insert of them (for many there
# is no device) has its blob, what it will not insert has passed its parser of BTF. A module
# that takes the machine down or hangs is a failure; a reboot goes on behind it, so that
# the rest is heard. The last line on stdout is "N passed, N failed"; the status is 1 if any
# failed, 2 if the test cannot run.
#
# It is made of parts that can be called alone; all take VMLINUZ and a tree as above:
#
#   embed.sh VMLINUZ IN EMBEDDED BLOBS
#       what btfbatch is asked for: --embed -o EMBEDDED, and -o BLOBS, of the tree IN.
#   boot.sh [-a] [-o OUT] VMLINUZ MODULES EMBEDDED BLOBS [NAME...]
#       one verdict: inserts the modules NAME (-a: all; neither: modules.list) from
#       EMBEDDED, a tree like MODULES with .ko, .ko.xz or .ko.zst files (what it does not
#       have comes from MODULES; Debian's kmod does not read .ko.gz), compares with BLOBS, the same tree with
#       NAME.ko.btf files (what it does not have: with the module's own section). Prints a
#       line for each complaint; status 0 if there is none, 1 if there are some, 2 if
#       it cannot run. OUT keeps the log and results.tsv: name, errno, blob, boot.
#   insert.sh [-m MODULES] VMLINUZ DIR OUT.tsv
#       inserts each .ko below DIR (mutants, say, all of one module) on its own and removes
#       it again. OUT.tsv has a row for each, in the order of their paths:
#         file     relative to DIR
#         verdict  accepted  inserted, and its BTF is in /sys/kernel/btf
#                  rejected  the kernel does not take its BTF
#                  nobtf     inserted; the kernel saw no .BTF to judge
#                  refused   not inserted, for another reason than its BTF
#                  panic, hang
#         insert   finit_module's errno by its name, 0 for none
#         btf      the errno with which the kernel's parser of module BTF ended; 0; - where
#                  it was not called. (Debian's kernels insert a module whose BTF
#                  they reject, so `insert` alone says nothing.)
#         remove   delete_module's errno, - where it was not called
#         log      the kernel's lines meanwhile, without their times, joined by \n; a
#                  backslash or tab of theirs is written \\ or \t
#       A verdict that is neither is what guest/blob.h says of a blob that is not the file's.
#       A file's signature is taken off first. What the modules depend on is taken from
#       MODULES and inserted before.
#   test_boots.sh
#       tests the parts themselves, with a qemu that says what it is told to.
#   verdict.awk    the verdict on a boot's log
#   modules.list   of the short boot; modules.skip: what a boot of all leaves out, and why
#   lib.sh, plan.sh, machine.sh, boots.sh, faults.sh
#                  the initramfs; which modules in which order; qemu; boots that go on
#                  behind a panic; what is put in to be caught
#   guest/         what runs in the machine: a loader of modules, BPF programs and theirs
#
# Environment:
#   BTFBATCH      the program (run.sh, embed.sh)
#   BOOT_ACCEL    kvm or tcg; without it, kvm where that works
#   BOOT_MEMORY   of the machine, in MiB (1024; with all modules 4096)
#   BOOT_SILENCE  a machine that says nothing for so many seconds hangs (300)
#   BOOT_WORK     a directory to keep logs and images in; without it a temporary one
#   BOOT_GUEST    the guest's programs, compiled already (run.sh sets it)
#
# Packages: qemu-system-x86, busybox-static, cpio, kmod, clang, libbpf-dev, libelf-dev,
# zlib1g-dev, bpftool, binutils, xz-utils, zstd, gzip.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$here/../../scripts/lib.sh"
. "$here/faults.sh"
. "$here/kfuncs.sh"

declare -a all=()
[[ ${1:-} != --all ]] || { all=(-a); shift; }
(($# == 2)) && [[ $1 != -* ]] || usage
: "${BTFBATCH:?names the program to test}"
vmlinuz=$1 modules=$2 input=$work/input embedded=$work/embedded blobs=$work/blobs
memory=1024
# input_make: $input, what btfbatch is given: the kernel's modules, uncompressed where the test
# changes them, and those that have kfuncs with ids that have to change.
input_make() {
	local file first
	mkdir "$input"
	cp -r "$modules/kernel" "$input/"
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -I "$here/../.." -o "$work/renumber" \
		"$here/renumber.c" "$here/../../merge/btf.c"
	extract_btf "$vmlinuz" "$work/base.btf"
	first=$(($(bpftool btf dump file "$work/base.btf" | sed -n 's/^\[\([0-9]*\)\].*/\1/p' | tail -n 1) + 1))
	kfunc_modules "$modules" >"$work/kfunc-modules"
	{
		cat "$work/kfunc-modules"
		modules_in "$modules" | grep -E '^kernel/drivers/net/(dummy|veth)\.ko'
	} >"$work/plain-modules"
	while IFS= read -r file; do
		unpack "$modules/$file" >"$work/r.ko"
		rm "$input/$file"
		mv "$work/r.ko" "$input/${file%.ko*}.ko"
	done <"$work/plain-modules"
	while IFS= read -r file; do
		renumber "$input/${file%.ko*}.ko" "$first"
	done <"$work/kfunc-modules"
}

# The programs call what there is to be called: a kfunc that none calls would stay untried.
all_kfuncs_called() {
	local file
	while IFS= read -r file; do
		kfuncs "$modules/$file"
	done <"$work/kfunc-modules" | sort -u >"$work/kfuncs"
	called "$BOOT_GUEST"/bpf/*.bpf.o | sort -u | comm -23 "$work/kfuncs" - >"$work/uncalled"
	cat "$work/uncalled"
	[[ -s $work/kfuncs && ! -s $work/uncalled ]]
}

# Nothing that boot.sh would take from elsewhere is missing.
embedded_all() {
	bash "$here/embed.sh" "$vmlinuz" "$input" "$embedded" "$blobs" || return 1
	diff <(modules_in "$input") <(modules_in "$embedded") &&
		diff <(modules_in "$input" | sed 's/\.ko.*/.ko.btf/') \
			<(cd "$blobs" && find . -type f -printf '%P\n' | sort)
}

boot() { # OUT EMBEDDED NAME...
	local out=$1 tree=$2
	shift 2
	bash "$here/boot.sh" -o "$out" "${options[@]}" "$vmlinuz" "$modules" "$tree" "$blobs" "$@"
}

good() {
	local -a options=("${all[@]}")
	boot "$work/good" "$embedded"
}

# caught EMBEDDED PATTERN NAME...: the verdict on these modules is bad, and each line
# of it matches PATTERN: it has to do with the fault.
caught() {
	local tree=$1 pattern=$2 status=0
	local -a options=()
	shift 2
	boot "$work/bad" "$tree" "$@" || status=$?
	((status == 1)) && [[ -s $work/bad/complaints ]] &&
		! grep -vE -- "$pattern" "$work/bad/complaints"
}

changed_blobs() {
	faulty_tree "$embedded" "$work/changed" kernel/drivers/net/{dummy,veth}.ko
	fault_name "$work/changed/kernel/drivers/net/dummy.ko"
	fault_magic "$work/changed/kernel/drivers/net/veth.ko"
	caught "$work/changed" 'dummy|veth|BPF:' dummy veth nlmon &&
		grep -q 'module dummy: /sys/kernel/btf/dummy: differs@' "$work/bad/complaints" &&
		grep -q 'missing: module .* veth 0 0 same' "$work/bad/complaints"
}

unmapped_ids() {
	local path name
	local -a paths
	readarray -t paths < <(sed 's/\.ko.*/.ko/' "$work/kfunc-modules")
	faulty_tree "$embedded" "$work/unmapped" "${paths[@]}"
	for path in "${paths[@]}"; do
		fault_ids "$work/unmapped/$path" "$input/$path"
	done
	caught "$work/unmapped" 'program .* after' nf_nat tcp_bbr tcp_dctcp || return 1
	for name in conntrack_xdp conntrack_tc nat tcp_bbr tcp_dctcp; do
		grep "missing: program $name after loaded" "$work/bad/complaints" || return 1
	done
}

# doctored PATTERN FILTER...: the good boot's log, changed by FILTER, has a bad verdict
# with a line that matches PATTERN.
doctored() {
	local pattern=$1
	shift
	"$@" <"$work/good/log" >"$work/doctored"
	! cmp "$work/good/log" "$work/doctored" >/dev/null || return 1
	awk -f "$here/verdict.awk" "$work/good/expected" "$work/doctored" | grep -E -- "$pattern"
}

# says LINE: the log with LINE in it, as the kernel would have said it.
says() {
	sed "/btfbatch: module .* tcp_bbr /a [    9.000000] $1"
}

# mutants: insert.sh tells apart what it is to tell apart, and goes on behind a panic.
mutants() {
	local dir=$work/mutants shipped=$input/kernel/drivers/net/dummy.ko
	mkdir "$dir"
	cp "$shipped" "$dir/1-as-shipped.ko"
	cp "$shipped" "$dir/2-magic.ko"
	fault_magic "$dir/2-magic.ko"
	objcopy --remove-section .BTF "$shipped" "$dir/3-no-btf.ko"
	LC_ALL=C sed 's/SMP preempt mod_unload/SMP PREEMPT mod_unload/' "$shipped" >"$dir/4-vermagic.ko"
	cp "$shipped" "$dir/5-init.ko"
	fault_init "$dir/5-init.ko"
	cp "$shipped" "$dir/6-name.ko"
	fault_name "$dir/6-name.ko"
	bash "$here/insert.sh" "$vmlinuz" "$dir" "$work/mutants.tsv" || return 1
	cut -f 1-5 "$work/mutants.tsv" | diff - <(
		printf '%s\t%s\t%s\t%s\t%s\n' file verdict insert btf remove \
			1-as-shipped.ko accepted 0 0 0 2-magic.ko rejected 0 EINVAL 0 \
			3-no-btf.ko nobtf 0 - 0 4-vermagic.ko refused ENOEXEC - - \
			5-init.ko panic - - - 6-name.ko accepted 0 0 0
	)
}

choose_accel "$vmlinuz"
export BOOT_ACCEL=$accel

export BOOT_GUEST=$work/guest

check "the guest's programs compile" compile "$work/guest"
check "machines that end before their time are dealt with" bash "$here/test_boots.sh"
check "modules with other ids can be made" input_make
check "btfbatch embeds" embedded_all
check "every kfunc is called by a program" all_kfuncs_called
((failed == 0)) || { echo "$passed passed, $failed failed"; exit 1; }
check "the kernel is content" good
[[ ! -f $work/good/summary ]] || cat "$work/good/summary"
check "a changed byte of a blob is caught" changed_blobs
check "ids of another blob are caught" unmapped_ids
check "mutants are told apart" mutants
check "a log that ends early is caught" doctored '^missing: end$' sed '/btfbatch: end/,$d'
check "a module that was not told of is caught" doctored '^missing: module .* tcp_bbr 0 0 same -$' \
	sed '/btfbatch: module .* tcp_bbr /d'
check "kfuncs that are not registered are caught" doctored '^the kernel: missing module BTF' \
	says 'missing module BTF, cannot register kfuncs'
check "a rejected BTF is caught" doctored '^the kernel: failed to validate' \
	says 'failed to validate module [tcp_bbr] BTF: -22'
check "a silently rejected BTF is caught" doctored '^the kernel: Kernel module BTF mismatch' \
	says 'Kernel module BTF mismatch detected, BTF debug info may be unavailable for some modules'
check "a word of the verifier of BTF is caught" doctored '^the kernel: bpf: ' says 'bpf: of any case'
check "a warning is caught" doctored '^the kernel: WARNING: CPU' \
	says 'WARNING: CPU: 0 PID: 95 at kernel/bpf/btf.c:7403 btf_populate_kfunc_set+0x1/0x2'
check "a program that is refused is caught" doctored '^not expected: program tcp_bbr after EACCES' \
	sed 's/program tcp_bbr after loaded/program tcp_bbr after EACCES/'
check "a program that reads something else is caught" doctored '^not expected: trace loop' \
	sed 's/trace loop fired 1 number 11/trace loop fired 1 number 0/'

echo "$passed passed, $failed failed"
((failed == 0))
