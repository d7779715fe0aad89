#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is rejected and what is broken gets a line with the kernel's words, what they mean, and
# which type it is; the modules beside it are checked all the same.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# base.btf: [1] int, [2] struct foo { int bar; }. Own ids begin at 3, own strings at 13.
int=$(btf_info 1) ptr=$(btf_info 2) struct=$(btf_info 4 1) typedef=$(btf_info 8) const=$(btf_info 10)
btf_blob '\0int\0foo\0bar\0' 1 $int 4 32 5 $struct 4 9 1 0 > "$tmp/base.btf"
mkdir "$tmp/in"
cd "$tmp/in"
btf_blob 'mod\0own\0' 13 $typedef 1 > good.btf
btf_blob 'mod\0own\0' 13 $struct 4 17 1 33 > behind.btf
btf_blob 'mod\0own\0' 13 $struct 4 17 1 8 > sticks_out.btf
btf_blob 'mod\0own\0' 0 $ptr 99 > dangling.btf
btf_blob 'mod\0own\0' 13 $typedef 9 > silent.btf
btf_blob 'mod\0own\0' 0 $const 4 0 $const 3 > ring.btf
btf_blob 'm\eod\0\0' 13 $typedef 1 > escape.btf
head -c 20 good.btf > short.btf

run check -B "$tmp/base.btf" "$tmp/in"
expect_status 1
expect_line stdout 'behind.btf: rejected (EINVAL): member 0 "own" of STRUCT mod [3]: the member begins behind the end of its struct; the kernel says: own type_id=1 bits_offset=33 Member bits_offset exceeds its struct size'
expect_line stdout 'sticks_out.btf: broken: member 0 "own" of STRUCT mod [3]: the member ends behind the end of its struct'
expect_line stdout 'dangling.btf: broken: PTR [3]: it refers to what does not exist, or to what is no type: a variable, a section, a tag, a function'
expect_line stdout 'silent.btf: rejected (EINVAL): TYPEDEF mod [3]: a typedef, qualifier or tag refers to a type id that there is not'
expect_line stdout 'ring.btf: rejected (ELOOP): CONST [3]: more than 32 typedefs, qualifiers and tags behind one another, or a ring of them; the kernel says: Max chain length or cycle detected'
expect_line stdout 'escape.btf: rejected (EINVAL): TYPEDEF m\x1bod [3]: the name is missing, or too long, or not one that C allows; the kernel says: [3] TYPEDEF m\x1bod type_id=1 Invalid name'
expect_line stdout 'modules  8: 1 accepted, 5 rejected, 2 broken'
expect_silent stderr

# The kernel's log, as dmesg shows it.
run check -v -B "$tmp/base.btf" behind.btf
expect_line stdout '    BPF: \x09own type_id=1 bits_offset=33'
expect_line stdout '    BPF: Member bits_offset exceeds its struct size'

run check -B "$tmp/base.btf" --json "$tmp/json" "$tmp/in"
expect_equal verdict 'rejected 22 EINVAL module 3 STRUCT mod member 0 own' "$(json '.modules[] |
	select(.path == "behind.btf") | [.status, .errno, .errno_name, .profile, .type.id, .type.kind,
	.type.name, .type.part, .type.index, .type.part_name] | join(" ")')"
expect_equal log 3 "$(json '.modules[] | select(.path == "sticks_out.btf") | .type.id')"
expect_equal "errno of what is broken" null "$(json '.modules[] | select(.path == "sticks_out.btf") | .errno')"
expect_equal totals '8 1 2 5 0 0' "$(json '.totals | [.modules, .accepted, .broken, .rejected,
	.no_btf, .failed] | join(" ")')"

# A program's is looked at more closely.
run check --profile program -B "$tmp/base.btf" "$tmp/base.btf"
expect_status 0
btf_blob '\0int\0foo\0bar\0' 1 $int 4 32 5 $struct 4 9 2 0 > "$tmp/loop.btf"
run check -B "$tmp/base.btf" "$tmp/loop.btf"
expect_status 1
expect_line stdout 'loop.btf: rejected (EEXIST): STRUCT foo [2]: from this type on one leads to a type that contains itself; the kernel says: [2] STRUCT foo size=4 vlen=1 Loop detected'
run check --profile vmlinux -B "$tmp/base.btf" "$tmp/loop.btf"
expect_status 1
expect_line stdout 'loop.btf: broken: STRUCT foo [2]: from this type on one leads to a type that contains itself'

# What cannot be read fails, and the others are checked.
printf 'no module' > "$tmp/in/text.ko"
run check -B "$tmp/base.btf" "$tmp/in"
expect_status 1
expect_only_line stderr 'btfbatch: text.ko: failed: neither ELF nor BTF, .*'
expect_line stdout 'modules  9: 1 accepted, 5 rejected, 2 broken, 1 failed'
