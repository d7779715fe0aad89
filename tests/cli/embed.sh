#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --embed: the modules themselves get the blobs that -o alone would write.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/embed_lib.sh"
cd "$tmp"

run -q -B "$base" -o blobs "$tree/standalone"
cp -a "$tree/standalone" in
objcopy --remove-section=.BTF in/extra/mod3.ko in/extra/plain.ko
chmod 640 in/extra/mod7.ko
touch -d 2001-02-03T04:05:06.789 in/extra/mod7.ko
setfattr -n user.test -v kept in/extra/mod7.ko 2> /dev/null || touch no_xattr

# -- Copies below a directory
run -B "$base" --embed -o copies --json json in
expect_status 0
expect_silent stderr
(cd in && find . -type f | sort) > in.list
(cd copies && find . -type f | sort) > copies.list
expect_same in.list copies.list
grep -q '^files    12 written, 1 unchanged: ' stdout || fail "the table: $(head -n 5 stdout)"
expect_equal "what became of the files" $'unchanged 1\nwritten 12' \
	"$(json '[.modules[].file] | group_by(.)[] | "\(.[0]) \(length)"')"
for ko in $(json '.modules[] | select(.file == "written").path'); do
	expect_embedded "in/$ko" "copies/$ko" "blobs/$ko.btf"
	expect_equal "sizes of $ko" "$(stat -c %s "in/$ko" "copies/$ko" | xargs)" \
		"$(json '.modules[] | select(.path == "'"$ko"'") | "\(.input_file_bytes) \(.file_bytes)"')"
done
expect_same in/extra/plain.ko copies/extra/plain.ko
expect_equal "mode and time" "$(stat -c '%a %y %U' in/extra/mod7.ko)" "$(stat -c '%a %y %U' copies/extra/mod7.ko)"
[[ -e no_xattr ]] || expect_equal "attribute" kept "$(getfattr --only-values -n user.test copies/extra/mod7.ko)"

# The copies are what they claim to be: a second run finds nothing to do.
run -q -B "$base" --embed -o again --json again.json copies
expect_status 0
expect_same_trees copies again
expect_equal "again" unchanged "$(json '[.modules[].file] | unique[]' again.json)"

# -- In place
cp -a in inplace
ls -i inplace/extra/plain.ko > inode
run -q -B "$base" -j 2 --embed --in-place inplace
expect_status 0
expect_same_trees copies inplace
expect_equal "mode and time" "$(stat -c '%a %y %U' in/extra/mod7.ko)" "$(stat -c '%a %y %U' inplace/extra/mod7.ko)"
ls -i inplace/extra/plain.ko | cmp - inode || fail "a module without BTF was replaced"
find inplace -name '*.ko' -exec ls -i {} + | sort > inodes
run -q -B "$base" --embed --in-place inplace
find inplace -name '*.ko' -exec ls -i {} + | sort | cmp - inodes || fail "a second run replaced modules"

# -- Only told
cp -a in dry
run -B "$base" --embed --in-place --dry-run --json json dry
expect_status 0
expect_same_trees in dry
grep -q '^files    12 to be written, 1 unchanged: ' stdout || fail "the table: $(head -n 5 stdout)"
expect_equal "what would become of the files" $'to-write 12\nunchanged 1' \
	"$(json '[.modules[].file] | group_by(.)[] | "\(.[0]) \(length)"')"
run -q -B "$base" --embed -o never -n in
expect_status 0
[[ ! -e never ]] || fail "--dry-run made a directory"

# -- Split input, and what a killed run left
cp -a "$tree/split" split
echo half > split/extra/.mod3.ko.btfbatch
echo half > 'split/extra/.mod7.ko.sign.btfbatch.~signed~'
run -q -B "$base" --embed --in-place split
expect_status 0
[[ -z $(find split -name '.*') ]] || fail "left: $(find split -name '.*')"
for ko in $(cd split && find . -name '*.ko'); do
	expect_embedded "$tree/split/$ko" "split/$ko" "blobs/$ko.btf"
done

# -- A link is not replaced by what it leads to
cp -a in linked
ln -s linked/extra/mod3.ko link.ko
run -q -B "$base" --embed --in-place link.ko
expect_status 0
[[ -L link.ko ]] || fail "the symbolic link was replaced"
expect_same copies/extra/mod3.ko linked/extra/mod3.ko

# -- What cannot be
run -q -B "$base" --embed -o out "$tree/raw/extra/mod3.ko.btf"
expect_failure mod3.ko.btf 'not a module'
[[ ! -e out ]] || fail "something was written"
section in/extra/mod3.ko .BTF | head -c 100 > cut
objcopy --update-section .BTF=cut in/extra/mod3.ko cut.ko
cp cut.ko cut.old
run -q -B "$base" --embed --in-place cut.ko
expect_failure cut.ko '.*'
expect_same cut.ko cut.old
for arguments in '--embed' '--embed -o x --in-place' '--in-place' '--dry-run' '--btf-dir x' \
	'--drop-signature' '--sign-cmd x{}' '--embed -o x --sign-cmd none' \
	'--embed -o x --sign-cmd a{} --drop-signature' '--embed -o x --engine libbpf'; do
	run -B "$base" $arguments in
	expect_status 2
	expect_only_line stderr 'btfbatch: --.*'
	expect_silent stdout
done
[[ ! -e x ]] || fail "a wrong call wrote something"
