#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --embed: .BTF_ids names the same types as before, held against what bpftool reads.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/embed_lib.sh"
cd "$tmp"

# A module with a list, a set and a set of pairs, as the kernel's macros leave them: zeros,
# and symbols. kfunc_z stands before kfunc_a in the sets, but not in the BTF.
cat > ids.c <<'C'
#include "kernel.h"
struct own { struct device *dev; int count; };
struct own own_data;
int kfunc_a(struct own *o) { return o->count; }
int kfunc_b(struct device *d, u32 n) { return n + d->state; }
struct own *kfunc_z(struct queue *q) { return q->mean > 1 ? &own_data : 0; }
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define WORD(symbol) \
	asm(".pushsection .BTF_ids,\"a\"\n.local " symbol "\n.type " symbol ",STT_OBJECT\n" \
	    ".size " symbol ",4\n" symbol ":\n.zero 4\n.popsection\n")
#define ID(kind, name) WORD("__BTF_ID__" #kind "__" #name "__" TEXT(__COUNTER__))
#define RAW(text) asm(".pushsection .BTF_ids,\"a\"\n" text "\n.popsection\n")
#define BEGIN(set, zeros) RAW(".local __BTF_ID__" set "\n__BTF_ID__" set ":\n.zero " #zeros)
#define END(set) RAW(".size __BTF_ID__" set ",.-__BTF_ID__" set)
RAW("own_list:");
ID(struct, own);
ID(struct, queue);
ID(typedef, notify_t);
BEGIN("set__plain", 4); ID(func, kfunc_z); ID(func, kfunc_b); END("set__plain");
BEGIN("set8__pairs", 8);
ID(func, kfunc_z); RAW(".long 26");
ID(func, kfunc_a); RAW(".long 1");
ID(func, kfunc_b); RAW(".long 2");
END("set8__pairs");
#ifdef MISSING
ID(struct, nowhere_at_all);
#endif
C
cp "$tree/src/kernel.h" .
gcc -g -gdwarf-4 -O1 -c -o bare.ko ids.c

words() # MODULE: its .BTF_ids, a number a line
{
	section "$1" .BTF_ids | od -An -v -w4 -tu4 | tr -d ' '
}

# names BASE|- MODULE: the section, each word as the name of the type of that id
names()
{
	local -a with_base=()

	[[ $1 == - ]] || with_base=(-B "$1")
	section "$2" .BTF > names.btf
	bpftool "${with_base[@]}" btf dump file names.btf format raw > names.dump
	[[ $1 == - ]] || bpftool btf dump file "$1" format raw >> names.dump
	sed -n "s/^\[\([0-9]*\)\] \([A-Z0-9_]*\) '\([^']*\)'.*/\1 \2 \3/p" names.dump > names.list
	awk 'NR == FNR { name[$1] = $2 " " $3; next } { print name[$1] }' names.list <(words "$2")
}

# The set's ids have to be in order, so their names come in the order of the BTF.
expect_ids() # BASE|- MODULE
{
	local -a id name

	mapfile -t id < <(words "$2")
	mapfile -t name < <(names "$1" "$2")
	expect_equal "counts" "2 3 0" "${id[3]} ${id[6]} ${id[7]}"
	((id[4] < id[5] && id[8] < id[10] && id[10] < id[12])) || fail "not sorted: ${id[*]}"
	expect_equal "list" 'STRUCT own, STRUCT queue, TYPEDEF notify_t' "${name[0]}, ${name[1]}, ${name[2]}"
	expect_equal "set" $'FUNC kfunc_b\nFUNC kfunc_z' "$(printf '%s\n' "${name[4]}" "${name[5]}" | sort)"
	expect_equal "pairs" $'FUNC kfunc_a 1\nFUNC kfunc_b 2\nFUNC kfunc_z 26' \
		"$(printf '%s %s\n' "${name[8]}" "${id[9]}" "${name[10]}" "${id[11]}" "${name[12]}" "${id[13]}" | sort)"
}

# -- Not filled in yet: by the symbols
cp bare.ko fresh.ko
pahole -J --btf_gen_floats fresh.ko
run -q -B "$base" --embed -o fresh fresh.ko
expect_status 0
expect_silent stderr
expect_ids "$base" fresh/fresh.ko

# The same where a detached encoder made the BTF.
mkdir -p detached in
cp bare.ko in/m.ko
section fresh.ko .BTF > detached/m.ko.btf
run -q -B "$base" --embed --btf-dir detached -o from_detached in
expect_status 0
expect_ids "$base" from_detached/m.ko
section from_detached/m.ko .BTF | cmp - <(section fresh/fresh.ko .BTF) || fail "another BTF"

# Once more: what is filled in and right stays.
run -q -B "$base" --embed -o again fresh/fresh.ko
expect_status 0
expect_same fresh/fresh.ko again/fresh.ko

# -- Filled in for a standalone BTF: by the map
section fresh.ko .BTF > standalone.btf
bpftool btf dump file standalone.btf format raw > standalone.dump
id_of() # KIND NAME: in standalone.btf
{
	sed -n "s/^\[\([0-9]*\)\] $1 '$2' .*/\1/p" standalone.dump | head -n 1
}
own=$(id_of STRUCT own) queue=$(id_of STRUCT queue) notify=$(id_of TYPEDEF notify_t)
a=$(id_of FUNC kfunc_a) b=$(id_of FUNC kfunc_b) z=$(id_of FUNC kfunc_z)
pairs=$(printf '%s\n' "$a 1" "$b 2" "$z 26" | sort -n)
le32 "$own" "$queue" "$notify" 2 $(printf '%s\n' "$b" "$z" | sort -n) 3 0 $pairs > ids
objcopy --update-section .BTF_ids=ids fresh.ko resolved.ko
expect_ids - resolved.ko
run -q -B "$base" --embed -o mapped resolved.ko
expect_status 0
expect_ids "$base" mapped/resolved.ko
cmp -s ids <(section mapped/resolved.ko .BTF_ids) && fail "no id has changed"

# -- Filled in for a split BTF, all ids of which move because types in front of them merge
cp bare.ko split.ko
pahole -J --btf_gen_floats --btf_base "$base" split.ko
run -q -B "$base" --embed -o split_ids split.ko
expect_ids "$base" split_ids/split.ko
first=$(($(bpftool btf dump file "$base" format raw | grep -c '^\[') + 1))
# moved.pl FIRST BTF: the split BTF with a void * in front, which the base has, and all ids moved
cat > moved.pl <<'P'
my ($first, $file) = @ARGV;
open(my $f, '<:raw', $file);
local $/;
my $btf = <$f>;
# magic and version, hdr_len, type_off, type_len, str_off, str_len
my @h = unpack('L6', $btf);
my @w = unpack('L*', substr($btf, 24, $h[3]));
sub move { $w[$_[0]]++ if $w[$_[0]] >= $first }
for (my $i = 0; $i < @w;) {
	my ($kind, $vlen) = ($w[$i + 1] >> 24 & 31, $w[$i + 1] & 0xffff);
	move($i + 2) if grep { $_ == $kind } 2, 8 .. 14, 17, 18;
	$i += 3;
	if ($kind == 1 || $kind == 14 || $kind == 17) { $i++ }
	elsif ($kind == 3) { move($i); move($i + 1); $i += 3 }
	elsif ($kind == 4 || $kind == 5) { for (1 .. $vlen) { move($i + 1); $i += 3 } }
	elsif ($kind == 6) { $i += 2 * $vlen }
	elsif ($kind == 13) { for (1 .. $vlen) { move($i + 1); $i += 2 } }
	elsif ($kind == 15) { for (1 .. $vlen) { move($i); $i += 3 } }
	elsif ($kind == 19) { $i += 3 * $vlen }
}
unshift @w, 0, 2 << 24, 0;
print pack('L6', $h[0], 24, 0, 4 * @w, 4 * @w, $h[5]), pack('L*', @w), substr($btf, 24 + $h[4]);
P
section split_ids/split.ko .BTF > split.btf
perl moved.pl "$first" split.btf > front.btf
# Every word from the base's end on is an id: counts and flags are smaller.
le32 $(words split_ids/split.ko | awk -v first="$first" '{ print ($1 >= first ? $1 + 1 : $1) }') > ids
objcopy --update-section .BTF=front.btf --update-section .BTF_ids=ids split_ids/split.ko front.ko
expect_ids "$base" front.ko
run -q -B "$base" --embed -o front front.ko
expect_status 0
expect_ids "$base" front/front.ko
for name in .BTF .BTF_ids; do
	cmp <(section split_ids/split.ko $name) <(section front/front.ko $name) || fail "another $name"
done

# -- Filled in for one BTF, embedded with another: by the names of the old types
cp resolved.ko in/m.ko
cat > front.c <<'C'
struct front_1 { int a; }; struct front_2 { struct front_1 f; char c[9]; };
struct front_2 front; int front_use(struct front_2 *f) { return f->f.a; }
C
gcc -g -gdwarf-4 -O1 -c front.c
ld -r -o longer.ko front.o bare.ko
pahole -J --btf_gen_floats longer.ko
section longer.ko .BTF > detached/m.ko.btf
run -q -B "$base" --embed --btf-dir detached -o renamed in
expect_status 0
expect_ids "$base" renamed/m.ko

# -- Names without a type
gcc -DMISSING -g -gdwarf-4 -O1 -c -o missing.ko ids.c
pahole -J --btf_gen_floats missing.ko
run -q -B "$base" --embed -o missing missing.ko
expect_status 0
expect_only_line stderr 'btfbatch: missing.ko: note: 1 of the names in .BTF_ids is not in its BTF, among them STRUCT nowhere_at_all: the id is 0'
expect_equal "the missing one" 0 "$(words missing/missing.ko | tail -n 1)"

# -- What cannot be understood is refused, and the module stays
expect_refused() # MODULE REASON
{
	cp "$1" refused.ko
	run -q -B "$base" --embed --in-place refused.ko
	expect_failure refused.ko "$2"
	expect_same "$1" refused.ko
}
strip --strip-unneeded -o stripped.ko resolved.ko
expect_refused stripped.ko 'its .BTF_ids section cannot be understood: .*stripped.*'
wrong_ids() # WORD...
{
	le32 "$@" > wrong
	objcopy --update-section .BTF_ids=wrong fresh.ko wrong.ko
}
set -- 2 $(printf '%s\n' "$b" "$z" | sort -n) 3 0 $pairs
wrong_ids "$own" "$queue" 1000000 "$@"
expect_refused wrong.ko 'its .BTF_ids section does not belong to its BTF: type 1000000 is beyond its end'
wrong_ids "$queue" "$own" "$notify" "$@"
expect_refused wrong.ko 'its .BTF_ids section does not belong to its BTF: type .* is not what its symbol says'
wrong_ids "$own" "$queue" "$notify" 2 "$a" "$z" 3 0 $pairs
expect_refused wrong.ko 'its .BTF_ids section does not belong to its BTF: .*'
wrong_ids "$own" "$queue" "$notify" 9 "$b" "$z" 3 0 $pairs
expect_refused wrong.ko "its .BTF_ids section cannot be understood: a set's count .*"
wrong_ids "$own" "$queue"
expect_refused wrong.ko 'its .BTF_ids section cannot be understood: .*'
objcopy --remove-section .BTF resolved.ko in/m.ko
cp in/m.ko kept.ko
run -q -B "$base" --embed --btf-dir detached --in-place in
expect_failure m.ko 'its .BTF_ids section was filled in for a BTF that is not there'
expect_same kept.ko in/m.ko
