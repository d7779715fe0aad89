#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a PATH may be, what several of them give, and that one file is done once.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

in=$tree/standalone
run -q -B "$base" -o "$tmp/all" "$in"

# A file is known by the last part of its name.
run -q -B "$base" -o "$tmp/file" --json "$tmp/json" "$in/extra/mod3.ko"
expect_status 0
expect_files "$tmp/file" <<< mod3.ko.btf
expect_same "$tmp/all/extra/mod3.ko.btf" "$tmp/file/mod3.ko.btf"
expect_equal path mod3.ko "$(json '.modules[].path')"

# A file may have any name: what it is tells its content.
cp "$in/extra/mod3.ko" "$tmp/any"
cp "$tree/xz/extra/mod3.ko.xz" "$tmp/other.bin"
run -q -B "$base" -o "$tmp/named" "$tmp/any" "$tmp/other.bin"
expect_status 0
expect_files "$tmp/named" <<< $'any.btf\nother.bin.btf'
expect_same "$tmp/all/extra/mod3.ko.btf" "$tmp/named/any.btf"
expect_same "$tmp/all/extra/mod3.ko.btf" "$tmp/named/other.bin.btf"

# Several come one behind the other, each in the order of its paths.
run -q -B "$base" -o "$tmp/several" --json "$tmp/json" \
	"$in/kernel/net/" "$in/extra/mod3.ko" "$in/kernel/drivers/"
expect_status 0
expect_equal paths "$(files_of "$in/kernel/net"; echo mod3.ko; files_of "$in/kernel/drivers")" \
	"$(json '.modules[].path')"
for name in mod1 mod5 mod9; do
	expect_same "$tmp/all/kernel/net/$name.ko.btf" "$tmp/several/$name.ko.btf"
done
expect_same "$tmp/all/kernel/drivers/block/mod2.ko.btf" "$tmp/several/block/mod2.ko.btf"
expect_same "$tmp/all/extra/mod3.ko.btf" "$tmp/several/mod3.ko.btf"

# Byte order of the paths, not that of a language or of the directory.
mkdir "$tmp/order"
for name in a-b a_b a.b/x B a/z A; do
	mkdir -p "$tmp/order/$(dirname "$name")"
	cp "$in/extra/mod3.ko" "$tmp/order/$name.ko"
done
run -q -B "$base" --json "$tmp/json" "$tmp/order"
expect_equal order $'A.ko\nB.ko\na-b.ko\na.b/x.ko\na/z.ko\na_b.ko' "$(json '.modules[].path')"

# The same file again, by the same PATH, through a directory, as a hard link: once.
mkdir "$tmp/links"
cp "$in/extra/mod3.ko" "$tmp/links/one.ko"
ln "$tmp/links/one.ko" "$tmp/links/two.ko"
ln "$tmp/links/one.ko" "$tmp/links/another.ko"
run -q -B "$base" -o "$tmp/once" --json "$tmp/json" \
	"$tmp/links" "$tmp/links/two.ko" "$tmp/links" "$tmp/links/../links/one.ko"
expect_status 0
expect_silent stderr
expect_equal "the one that is done" another.ko "$(json '.modules[].path')"
expect_files "$tmp/once" <<< another.ko.btf

# Other files of the tree are none of our business.
mkdir "$tmp/mixed"
cp "$in/extra/mod3.ko" "$tmp/mixed/x.ko"
touch "$tmp/mixed/"{modules.dep,x.ko.sig,x.kox,.ko,x.o,x.ko.bz2,vmlinux}
mkdir "$tmp/mixed/dir.ko"
run -q -B "$base" --json "$tmp/json" "$tmp/mixed"
expect_status 0
expect_equal "modules among others" x.ko "$(json '.modules[].path')"

# None at all is no failure, but is said.
mkdir "$tmp/none"
run -q -B "$base" -o "$tmp/none.out" --json "$tmp/json" "$tmp/none"
expect_status 0
expect_line stderr "btfbatch: $tmp/none: no modules found"
expect_equal "modules of none" 0 "$(json '.modules | length')"
