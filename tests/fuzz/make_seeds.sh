#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make_seeds.sh DIR: what the fuzzers begin with, DIR/TARGET/..., of real data: the
# generator's graphs, modules of gcc and pahole (tests/cli/make_tree.sh), and pieces of the
# BTF of the running kernel and of others, if they are there.
#
# Environment: BTFGEN, BTFCUT, BTFBATCH, the programs; BTFTREE, a ready tree (made anew
# without it); SEEDS, how many of each that can be made in any number (100); KERNELS, further
# files with a kernel's BTF, raw.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../cli/lib.sh" # makes $tmp and $tree

whole=$1
dir=$1.part
seeds=${SEEDS:-100}
rm -rf "$whole" "$dir"
mkdir -p "$dir"/{base,dedup,elf,embed,report,unpack,vmlinuz}

pair() # FIRST SECOND: as tests/fuzz/fuzz.h has it
{
	le32 "$(stat -c %s "$1")"
	cat "$1" "$2"
}

# -- BTF --

for ((i = 1; i <= seeds; i++)); do
	"$BTFGEN" "$i" "$tmp/gen" > /dev/null
	cp "$tmp/gen/base.btf" "$dir/base/gen-$i"
	pair "$tmp/gen/base.btf" "$tmp/gen/module.btf" > "$dir/dedup/gen-$i"
done
for form in raw split; do
	find "$tree/$form" -type f | sort | while read -r module; do
		name=$(basename "$module")
		if [[ $form == split ]]; then
			objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc \
				"$module" "$tmp/btf"
			module=$tmp/btf
		fi
		pair "$tree/vmlinux.btf" "$module" > "$dir/dedup/$form-$name"
	done
done
cp "$tree/vmlinux.btf" "$dir/base/tree"
number=0
for kernel in /sys/kernel/btf/vmlinux ${KERNELS:-}; do
	[[ -r $kernel ]] || continue
	for ((i = 1; i <= seeds / 10; i++)); do
		"$BTFCUT" "$kernel" "$i" 60 "$tmp/base"
		"$BTFCUT" "$kernel" "$i" 90 "$tmp/module"
		cp "$tmp/base" "$dir/base/kernel-$number"
		pair "$tmp/base" "$tmp/module" > "$dir/dedup/kernel-$number"
		number=$((number + 1))
	done
done

# -- ELF --

# .BTF_ids as the kernel's build leaves it, filled in or not; .BTF.base; a section that is empty.
for module in "$tree"/{standalone,split}/extra/*.ko; do
	name=$(basename "$(dirname "$(dirname "$module")")")-$(basename "$module")
	strip --strip-debug -o "$tmp/$name" "$module"
	# 32-bit files of the same sections are of another class, with the same BTF in them.
	objcopy -O elf32-i386 --strip-unneeded "$tmp/$name" "$tmp/32-$name" 2> /dev/null ||
		rm -f "$tmp/32-$name"
done
gcc -c -o "$tmp/ids.o" -x assembler - < "$here/btf_ids.S"
ld -r -o "$tmp/ids.ko" "$tmp/standalone-mod3.ko" "$tmp/ids.o"
head -c 40 /dev/zero > "$tmp/zeros"
objcopy --add-section .BTF.base="$tmp/zeros" --add-section .empty=/dev/null "$tmp/ids.ko" "$tmp/base.ko"
(cat "$tmp/ids.ko" && printf 'signature' && printf '\0\0\2\0\0\0\0\0\0\0\0\x09' &&
	printf '~Module signature appended~\n') > "$tmp/signed.ko"
# Filled in: what --embed makes of it.
"$BTFBATCH" -q -B "$tree/vmlinux.btf" --embed -o "$tmp/resolved" "$tmp/ids.ko"
mv "$tmp/resolved/ids.ko" "$tmp/resolved.ko"
for module in "$tmp"/*.ko "$tree/vmlinux"; do
	name=$(basename "$module")
	cp "$module" "$dir/elf/$name"
	pair "$tree/vmlinux.btf" "$module" > "$dir/embed/$name"
done
for packed in gz xz zst; do
	module=$(find "$tree/$packed" -type f | sort | head -n 1)
	pair "$tree/vmlinux.btf" "$module" > "$dir/embed/$(basename "$module")"
done

# -- Compressed --

# unpack NAME FIRST-BYTE: stdin compressed, as tests/fuzz/unpack.c takes it
unpack()
{
	(printf "$2" && cat) > "$dir/unpack/$1"
}

plain=$tree/vmlinux.btf
gzip -n < "$plain" | unpack gz '\x00'
xz --check=crc32 < "$plain" | unpack xz '\x00'
xz --x86 --lzma2 --check=crc64 < "$plain" | unpack x86.xz '\x02'
xz --format=lzma < "$plain" | unpack lzma '\x00'
zstd -q < "$plain" | unpack zst '\x00'
zstd -q --no-check "$plain" -c | unpack size.zst '\x04'
lz4 -q -l < "$plain" | unpack legacy.lz4 '\x00'
lz4 -q < "$plain" | unpack lz4 '\x00'
bzip2 < "$plain" 2> /dev/null | unpack bz2 '\x00'
(gzip -n < "$plain" && gzip -n < "$plain") | unpack twice.gz '\x01'
(zstd -q < "$plain" && printf '\x50\x2a\x4d\x18\x04\0\0\0skip' && zstd -q < "$plain") |
	unpack twice.zst '\x00'
head -c 100000 /dev/zero | gzip -n | unpack zeros.gz '\x10'
head -c 100000 /dev/zero | zstd -q | unpack small.zst '\x18'
for how in '\xe0' '\xe1' '\xe2'; do
	unpack "trip${how#?x}" "$how" < "$plain"
done

# -- Kernels --

# bzimage COMMAND...: the tree's vmlinux, packed by it
bzimage()
{
	strip --strip-debug -o "$tmp/vmlinux" "$tree/vmlinux"
	"$@" < "$tmp/vmlinux" > "$tmp/payload"
	[[ $1 == gzip ]] || le32 "$(stat -c %s "$tmp/vmlinux")" >> "$tmp/payload"
	head -c 497 /dev/zero
	printf '\x01'                              # 0x1f1: sectors of setup
	head -c 16 /dev/zero
	printf 'HdrS\x0d\x02'                      # 0x202: protocol 2.13
	head -c 64 /dev/zero
	le32 128 "$(stat -c %s "$tmp/payload")"    # 0x248: where the payload is, behind setup
	head -c $((1024 + 128 - 0x250)) /dev/zero
	cat "$tmp/payload"
}

bzimage gzip -n > "$dir/vmlinuz/bz.gz"
bzimage xz --check=crc32 > "$dir/vmlinuz/bz.xz"
bzimage xz --format=lzma > "$dir/vmlinuz/bz.lzma"
bzimage zstd -q > "$dir/vmlinuz/bz.zst"
bzimage lz4 -q -l > "$dir/vmlinuz/bz.lz4"
# A flat image of arm64, as it is, packed, and in a zboot image.
(head -c 56 /dev/zero && printf 'ARM\x64' && head -c 100 /dev/zero && cat "$plain" &&
	head -c 100 /dev/zero) > "$tmp/flat"
cp "$tmp/flat" "$dir/vmlinuz/flat"
gzip -n < "$tmp/flat" > "$dir/vmlinuz/flat.gz"
(printf 'MZ\0\0zimg' && le32 64 "$(stat -c %s "$dir/vmlinuz/flat.gz")" && head -c 48 /dev/zero &&
	cat "$dir/vmlinuz/flat.gz") > "$dir/vmlinuz/zboot"
cp "$tmp/vmlinux" "$dir/vmlinuz/elf"
cp "$plain" "$dir/vmlinuz/raw"

# -- Reports --

"$BTFBATCH" -q -B "$plain" --json "$dir/report/tree" "$tree/standalone"
"$BTFBATCH" -q -B "$plain" --json "$dir/report/split" "$tree/split" "$tree/raw"
mkdir "$tmp/failing"
cp "$tree/standalone/extra/mod3.ko" "$tmp/failing/"$'\xff\n".ko'
echo broken > "$tmp/failing/broken.ko"
"$BTFBATCH" -q -B "$plain" --json "$dir/report/failed" "$tmp/failing" 2> /dev/null || true
"$BTFBATCH" -q -B "$plain" --embed -o "$tmp/embedded" --json "$dir/report/embedded" "$tree/split/extra"
mv "$dir" "$whole"
