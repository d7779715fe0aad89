#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# BTF that is broken: one line says which module and why, the others are done.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/in"
cd "$tmp/in"
cp "$tree/standalone/extra/mod3.ko" good.ko
run -q -B "$base" -o "$tmp/expected" .

# expect_bad REASON < BLOB. The other engine may take a blob that ours refuses, but
# ends in good order too.
expect_bad()
{
	cat > bad.btf
	rm -rf "$tmp/out"
	run -q -B "$base" -o "$tmp/out" .
	expect_failure bad.btf "$1"
	expect_same_trees "$tmp/expected" "$tmp/out"
	run -q -B "$base" --engine libbpf .
	[[ $status == [01] ]] || fail "--engine libbpf: status $status"
	rm bad.btf
}

int=(1 "$(btf_info 1)" 4 $((1 << 24 | 32)))
ptr=$(btf_info 2)
typedef=$(btf_info 8)
volatile=$(btf_info 9)
const=$(btf_info 10)

# First that our own blobs are well: the base's int leaves nothing.
btf_blob '\0int\0' "${int[@]}" > good.btf
run -q -B "$base" --json "$tmp/json" good.btf
expect_status 0
expect_equal "types of the good one" '1 0' \
	"$(json '.modules[] | "\(.input_types) \(.split_types)"')"
blob=$tmp/blob
mv good.btf "$blob"

# -- The header --

with() # OFFSET < BYTES: the good blob with these
{
	cp "$blob" "$tmp/changed"
	patch "$tmp/changed" "$1"
	cat "$tmp/changed"
}

printf '\x9f\xeb' | expect_bad 'not BTF: .*'
head -c 23 "$blob" | expect_bad 'not BTF: .*'
head -c 24 "$blob" | expect_bad 'broken BTF: .*'
printf '\x9f\xec' | with 0 | expect_bad '.+'
printf '\x02' | with 2 | expect_bad 'unsupported: BTF version 2'
printf '\x01' | with 3 | expect_bad 'unsupported: .*flags.*'
for len in 0 20 23 100 0xffffffff; do
	le32 "$len" | with 4 | expect_bad 'broken BTF: header length .*'
done
le32 1000 | with 12 | expect_bad 'broken BTF: its type section .*'
le32 0xfffffff0 | with 8 | expect_bad 'broken BTF: its type section .*'
le32 1000 | with 20 | expect_bad 'broken BTF: its string section .*'
le32 0xfffffff0 | with 16 | expect_bad 'broken BTF: its string section .*'
le32 0xffffffff | with 20 | expect_bad 'broken BTF: its string section .*'
le32 8 | with 16 | expect_bad 'broken BTF: its type and string sections overlap'
le32 15 | with 12 | expect_bad 'broken BTF: a type section of 15 bytes'
le32 4 | with 20 | expect_bad 'broken BTF: .*'
(cat "$blob" && echo 'something behind it') | expect_bad 'broken BTF: .*behind its last section'
(cat "$blob" "$blob") | expect_bad 'unsupported: an archive, .*'

# -- Strings --

btf_blob '\0int' "${int[@]}" | expect_bad 'broken BTF: its string section does not end with a NUL'
btf_blob '\0int\0' 5 "${int[@]:1}" | expect_bad '.*name offset 5 .*'
btf_blob '\0int\0' $((0xffffffff)) "${int[@]:1}" | expect_bad '.*name offset 4294967295 .*'
btf_blob '\0int\0' "${int[@]}" 1 "$(btf_info 4 1)" 4 99 1 0 | expect_bad '.*name offset 99 .*'
btf_blob '\0int\0' 1 "$(btf_info 6 1)" 4 99 0 | expect_bad '.*name offset 99 .*'
btf_blob '\0int\0' "${int[@]}" 0 "$(btf_info 13 1)" 1 99 1 | expect_bad '.*name offset 99 .*'

# -- Types that are no types, or not whole --

for kind in 0 20 31; do
	btf_blob '\0int\0' "${int[@]}" 1 "$(btf_info $kind)" 4 |
		expect_bad "broken BTF: type number 2 is of unknown kind $kind"
done
btf_blob '\0int\0' "${int[@]}" 0 "$ptr" | expect_bad 'broken BTF: .*type, number 2, is cut off'
btf_blob '\0int\0' "${int[@]}" 0 | expect_bad 'broken BTF: .*type, number 2, is cut off'
btf_blob '\0int\0' "${int[@]:0:3}" | expect_bad 'broken BTF: .*INT.*'
btf_blob '\0int\0' "${int[@]}" 0 "$(btf_info 3)" 0 1 1 | expect_bad 'broken BTF: .*ARRAY.*'
btf_blob '\0int\0' "${int[@]}" 1 "$(btf_info 4 65535)" 4 1 1 0 | expect_bad 'broken BTF: .*STRUCT.*'
btf_blob '\0int\0' 1 "$(btf_info 6 3)" 4 1 0 1 1 | expect_bad 'broken BTF: .*ENUM.*'
btf_blob '\0int\0' 1 "$(btf_info 19 1)" 8 1 0 | expect_bad 'broken BTF: .*ENUM64.*'
btf_blob '\0int\0' "${int[@]}" 0 "$(btf_info 13 2)" 1 0 1 | expect_bad 'broken BTF: .*FUNC_PROTO.*'
btf_blob '\0int\0' "${int[@]}" 1 "$(btf_info 15 2)" 4 1 0 4 | expect_bad 'broken BTF: .*DATASEC.*'

# -- Ids out of range --

for id in 3 99 $((0x7fffffff)) $((0xffffffff)); do
	btf_blob '\0int\0' "${int[@]}" 0 "$ptr" "$id" | expect_bad ".*refers to type id $id.*"
	btf_blob '\0int\0' "${int[@]}" 1 "$typedef" "$id" | expect_bad ".*refers to type id $id.*"
	btf_blob '\0int\0' "${int[@]}" 0 "$(btf_info 3)" 0 "$id" 1 4 |
		expect_bad ".*refers to type id $id.*"
	btf_blob '\0int\0' "${int[@]}" 0 "$(btf_info 3)" 0 1 "$id" 4 |
		expect_bad ".*refers to type id $id.*"
	btf_blob '\0int\0' "${int[@]}" 1 "$(btf_info 4 1)" 4 1 "$id" 0 |
		expect_bad ".*refers to type id $id.*"
	btf_blob '\0int\0' "${int[@]}" 0 "$(btf_info 13 1)" 1 1 "$id" |
		expect_bad ".*refers to type id $id.*"
done

# -- Types that refer to themselves with nothing between that could end it --

btf_blob '\0' 0 "$ptr" 1 | expect_bad '.*type id 1 \(PTR\) refers to itself.*'
btf_blob '\0' 0 "$ptr" 2 0 "$ptr" 1 | expect_bad '.*\(PTR\) refers to itself.*'
btf_blob '\0t\0' 1 "$typedef" 1 | expect_bad '.*type id 1 \(TYPEDEF\) refers to itself.*'
btf_blob '\0t\0u\0' 1 "$typedef" 2 3 "$typedef" 1 | expect_bad '.*\(TYPEDEF\) refers to itself.*'
btf_blob '\0' 0 "$const" 2 0 "$volatile" 3 0 "$(btf_info 11)" 1 |
	expect_bad '.*\(CONST\) refers to itself.*'
btf_blob '\0int\0' "${int[@]}" 0 "$(btf_info 3)" 0 2 1 4 | expect_bad '.*\(ARRAY\) refers to itself.*'
btf_blob '\0' 0 "$(btf_info 13 1)" 0 0 2 0 "$ptr" 1 | expect_bad '.*refers to itself.*'

# A chain of a hundred thousand: found, and no stack runs over.
chain=100000
{
	btf_header $((12 * chain)) 1
	perl -e '$n = shift; $info = shift; print pack("V3", 0, $info, $_ % $n + 1) for 1 .. $n' \
		"$chain" "$ptr"
	printf '\0'
} > bad.btf
run -q -B "$base" .
expect_failure bad.btf '.*\(PTR\) refers to itself.*'
