#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A module of another base is told apart from a broken one, even where the kernel would load it; it
# is said what shows it, whether it is the old base's, and where the two bases part.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# The tree's kernel, its sources changed; and a module tree over that.
other_base() # SED-SCRIPT
{
	local source module

	rm -rf "$tmp/src" "$tmp/modules"
	cp -r "$tree/src" "$tmp/src"
	mkdir "$tmp/modules"
	sed -i "$1" "$tmp/src/"*
	for source in core net fs; do
		gcc -g -gdwarf-4 -O1 -c -o "$tmp/$source.o" "$tmp/src/$source.c"
	done
	ld -r -o "$tmp/other" "$tmp/core.o" "$tmp/net.o" "$tmp/fs.o"
	pahole -J --btf_gen_floats "$tmp/other"
	objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc "$tmp/other" "$tmp/other.btf"
	for module in 1 2 3; do
		gcc -g -gdwarf-4 -O1 -c -o "$tmp/modules/mod$module.ko" "$tmp/src/mod$module.c"
		pahole -J --btf_gen_floats --btf_base "$tmp/other.btf" "$tmp/modules/mod$module.ko"
	done
}

for change in 's/^struct chain {/struct chain { long extra;/' 's/\bcookie\b/a_much_longer_name/' \
	      's/\bdevice\b/apparatus/g' 's/^struct ops {/struct ops { u64 first, second;/'; do
	other_base "$change"
	run check -B "$tmp/other.btf" "$tmp/modules"
	expect_status 0
	run check -B "$tmp/other.btf" --json "$tmp/json" "$tree/split"
	expect_status 1
	expect_equal "of another base, $change" '12 0' "$(json '.totals | [.other_base, .accepted] | join(" ")')"
	run check -B "$base" --json "$tmp/json" "$tmp/modules"
	expect_equal "of another base, $change" '3 0' "$(json '.totals | [.other_base, .accepted] | join(" ")')"
done

grep -q '^mod1.ko: .*: its BTF is not of this base: [0-9]* of its [0-9]* names from offset ' "$tmp/stdout" ||
	fail "$(printf 'what shows it is missing in:\n%s' "$(< "$tmp/stdout")")"

# struct ops has two members more in the other: what stands before it is the same.
run check -B "$base" --old-base "$tmp/other.btf" --json "$tmp/json" "$tmp/modules" "$tree/split/extra/mod3.ko"
expect_status 1
expect_line stdout '         3 of another base, 3 of the old one'
grep -q '^mod2.ko: .*; it is the old base.s' "$tmp/stdout" || fail "mod2.ko is not known as the old base's"
expect_equal "fits the old base" true "$(json '.modules[] | select(.path == "mod2.ko") | .fits_old_base')"
part=$(json .bases_part.type)
types() # BASE ID: of all types below it, in bpftool's words
{
	btf_dump - "$1" | awk -v end="[$2]" '$1 == end { behind = 1 } !behind { print }'
}
expect_equal "types before $part" "$(types "$base" "$part")" "$(types "$tmp/other.btf" "$part")"
[[ $(types "$base" $((part + 1))) != "$(types "$tmp/other.btf" $((part + 1)))" ]] ||
	fail "type $part is the same in both"
string=$(json .bases_part.string)
strings() # FILE: its string section
{
	tail -c "$(od -An -tu4 -j 20 -N 4 "$1" | tr -d ' ')" "$1"
}
expect_equal "strings before $string" "$(strings "$base" | head -c "$string" | md5sum)" \
	"$(strings "$tmp/other.btf" | head -c "$string" | md5sum)"

# The same base is said to be the same; a third is not theirs either.
run check -B "$base" --old-base "$tree/vmlinux" "$tree/split"
expect_status 0
expect_line stdout 'bases    the old base has the same types and strings'
cp -r "$tmp/modules" "$tmp/theirs"
other_base 's/\bcookie\b/another_name/'
run check -B "$base" --old-base "$tmp/other.btf" "$tmp/theirs"
expect_line stdout '         3 of another base, 0 of the old one'

# A module that was never made split is no base's.
run check -B "$base" "$tree/standalone/extra/mod3.ko"
expect_status 1
grep -q '^mod3.ko: .*not of this base: it is standalone, ' "$tmp/stdout" || fail "not known as standalone"

# One damaged name among good ones is no other base.
btf_blob '\0int\0foo\0bar\0' 1 "$(btf_info 1)" 4 32 5 "$(btf_info 4 1)" 4 9 1 0 > "$tmp/small.btf"
btf_blob 'mod\0own\0' 6 "$(btf_info 8)" 1 13 "$(btf_info 8)" 1 17 "$(btf_info 8)" 2 > "$tmp/damaged.btf"
run check -B "$tmp/small.btf" "$tmp/damaged.btf"
! grep -q 'not of this base' "$tmp/stdout" || fail "one name makes it another base's"
