#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A module with a .BTF.base is checked as the kernel does it: over that, then by name over its own BTF.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

int=$(btf_info 1) struct0=$(btf_info 4) struct1=$(btf_info 4 1) ptr=$(btf_info 2) typedef=$(btf_info 8)
btf_blob '\0int\0foo\0bar\0' 1 $int 4 32 5 $struct1 8 9 1 0 > "$tmp/base.btf"
printf 'int x;' | gcc -c -x c -o "$tmp/plain.ko" -

# with_sections NAME BTF BASE
with_sections()
{
	objcopy --add-section ".BTF=$2" --add-section ".BTF.base=$3" "$tmp/plain.ko" "$tmp/$1"
}

# [1] struct foo of the kernel; [2] struct foo *, [3] typedef struct foo own
btf_blob '\0foo\0' 1 $struct0 8 > "$tmp/distilled"
btf_blob 'own\0' 0 $ptr 1 5 $typedef 1 > "$tmp/own"
with_sections good.ko "$tmp/own" "$tmp/distilled"
run check -B "$tmp/base.btf" --json "$tmp/json" "$tmp/good.ko"
expect_status 0
expect_equal "has a distilled base" true "$(json '.modules[0].distilled_base')"
xz -k "$tmp/good.ko"
run check -B "$tmp/base.btf" "$tmp/good.ko.xz"
expect_status 0

btf_blob '\0fop\0' 1 $struct0 8 > "$tmp/gone"
with_sections gone.ko "$tmp/own" "$tmp/gone"
run check -B "$tmp/base.btf" "$tmp/gone.ko"
expect_status 1
expect_line stdout "gone.ko: rejected (EINVAL): the kernel has no type of this name, kind and size any more; the kernel says: distilled base BTF type 'fop' [1] is not mapped to base BTF id"

# Kernels before 6.11 do not look at it: the .BTF is over their own then.
run check --kernel 6.10 -B "$tmp/base.btf" "$tmp/gone.ko"
expect_status 0

: > "$tmp/empty"
with_sections empty.ko "$tmp/own" "$tmp/empty"
run check -B "$tmp/base.btf" "$tmp/empty.ko"
expect_status 1
expect_line stdout "empty.ko: rejected (EINVAL): the blob is too short to be BTF; the kernel says: hdr_len not found"
