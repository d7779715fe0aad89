#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The base as raw BTF, as an ELF vmlinux, as either of them packed, and as a bzImage
# around every kind of payload: all give the same blobs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

le16() # NUMBER
{
	le32 "$1" | head -c 2
}

# bzimage FILE PAYLOAD [SECTS [VERSION]]: PAYLOAD as the kernel's build would wrap it:
# a boot sector and SECTS sectors of set-up code, then the protected-mode code, in
# which the payload stands at an offset that the header tells.
bzimage()
{
	local file=$1 payload=$2 sects=${3:-4} version=${4:-$((0x020f))}
	local protected=$(((${sects/#0/4} + 1) * 512)) offset=1234

	head -c $((protected + offset)) /dev/zero > "$file"
	cat "$payload" >> "$file"
	head -c 3000 /dev/urandom >> "$file"
	printf '%b' "\\x$(printf %02x "$sects")" | patch "$file" $((0x1f1))
	printf '\x55\xaa\xeb\x66HdrS' | patch "$file" $((0x1fe))
	le16 "$version" | patch "$file" $((0x206))
	le32 "$offset" "$(stat -c %s "$payload")" | patch "$file" $((0x248))
}

expect_base() # BASE
{
	rm -rf "$tmp/out"
	run -q -B "$1" -o "$tmp/out" --json "$tmp/json" "$tree/standalone"
	expect_status 0
	expect_silent stderr
	expect_same_trees "$tmp/expected" "$tmp/out"
	expect_equal "types of $1" "$types" "$(json .base.types)"
	expect_equal "bytes of $1" "$(stat -c %s "$base")" "$(json .base.bytes)"
}

types=$(btf_dump - "$base" | grep -c '^\[')
run -q -B "$base" -o "$tmp/expected" "$tree/standalone"
expect_status 0
vmlinux=$tree/vmlinux
cd "$tmp"

expect_base "$base"
expect_base "$vmlinux"
for file in "$base" "$vmlinux"; do
	xz < "$file" > packed.xz
	gzip < "$file" > packed.gz
	zstd -q < "$file" > packed.zst
	for packed in packed.xz packed.gz packed.zst; do
		expect_base "$packed"
	done
	rm packed.*
done

# Payloads as scripts/Makefile.lib of the kernel makes them: all but gzip have the
# unpacked size appended, for the unpacker to know how much room it needs.
with_size()
{
	cat
	le32 "$(stat -c %s "$vmlinux")"
}

gzip -n -9 < "$vmlinux" > payload.gzip
xz --check=crc32 --x86 --lzma2=dict=32MiB < "$vmlinux" | with_size > payload.xz
lzma -9 < "$vmlinux" | with_size > payload.lzma
lz4 -l -9 -q - - < "$vmlinux" | with_size > payload.lz4
zstd -q --ultra -22 < "$vmlinux" | with_size > payload.zstd
for payload in payload.*; do
	bzimage "bzimage.${payload#*.}" "$payload"
	expect_base "bzimage.${payload#*.}"
done

# The number of set-up sectors, and 0 for 4; the oldest protocol that has a payload.
bzimage sects.27 payload.xz 27
expect_base sects.27
bzimage sects.0 payload.zstd 0
expect_base sects.0
bzimage version.208 payload.gzip 4 $((0x0208))
expect_base version.208

# pahole's name for the option, and the short one with its value in one word.
run -q --btf_base "$vmlinux" -o "$tmp/pahole" "$tree/standalone"
expect_status 0
expect_same_trees "$tmp/expected" "$tmp/pahole"
run -q "-B$vmlinux" -o "$tmp/short" "$tree/standalone"
expect_status 0
expect_same_trees "$tmp/expected" "$tmp/short"

# Images that cannot be used: one line, nothing done.
expect_no_base() # BASE REASON
{
	rm -rf "$tmp/out"
	run -B "$1" -o "$tmp/out" --json "$tmp/none.json" "$tree/standalone"
	expect_status 2
	expect_silent stdout
	expect_only_line stderr "btfbatch: $(quote "$1"): cannot be the base: $2"
	[[ ! -e $tmp/out ]] || fail "an output directory was made"
	[[ ! -e $tmp/none.json ]] || fail "a report was written"
}

bzimage version.207 payload.gzip 4 $((0x0207))
expect_no_base version.207 'unsupported: .*2\.07.*'
head -c 4000 bzimage.xz > cut
expect_no_base cut '.*truncated'
head -c 300 bzimage.xz > cut
expect_no_base cut '.+'
for kind in gzip xz lzma lz4 zstd; do
	cp "bzimage.$kind" corrupt
	head -c 64 /dev/zero | patch corrupt $((5 * 512 + 1234 + 1000))
	expect_no_base corrupt '.+'
	# Half of the payload is missing, and the header knows of it.
	head -c $(($(stat -c %s "payload.$kind") / 2)) "payload.$kind" > half
	bzimage corrupt half
	expect_no_base corrupt '.+'
done
cp bzimage.lz4 offset
le32 $((0x7fffffff)) | patch offset $((0x248))
expect_no_base offset '.*truncated'
echo "not packed at all" > plain
bzimage image plain
expect_no_base image '.*no known compression'
xz < plain | with_size > plain.xz
bzimage image plain.xz
expect_no_base image '.+'
