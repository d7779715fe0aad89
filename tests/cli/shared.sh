#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --shared: types that several modules have, each for itself.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$tmp"

run -B "$base" --shared list --json json -o split "$tree/standalone"
expect_status 0
expect_silent stderr
mv stdout table

# What make_tree.sh says of them: all 12 modules define struct helper, of which the base sees a
# declaration; every third has a larger struct slot than the base; the odd ones have a
# struct super of their own. A struct takes 12 bytes, and 12 for each member.
shared() # KIND NAME: modules, bytes, saved
{
	json ".shared.named[] | select(.kind == \"$1\" and .name == \"$2\")
		| \"\(.modules) \(.bytes) \(.saved)\""
}
expect_equal "struct helper" "12 48 528" "$(shared STRUCT helper)"
expect_equal "struct slot" "4 48 144" "$(shared STRUCT slot)"
expect_equal "struct super" "6 36 180" "$(shared STRUCT super)"
expect_equal "types of one module" '' "$(json '.shared.named[] | select(.name | startswith("own_")) | .name')"
expect_equal "types of the base" '' "$(shared STRUCT device)"

# For each, as many modules as have a type of this kind and name, by bpftool.
while read -r blob; do
	btf_dump "$base" "split/$blob" | sed -n "s/^\[[0-9]*\] \([A-Z_0-9]*\) '\(.*\)'.*/\1 \2/p" |
		grep -v -e '(anon)' -e '^VAR' -e '^DATASEC' | sort -u
done < <(files_of split) | sort | uniq -c |
	sed -n '/^ *1 /!s/^ *\([0-9]*\) \(.*\)/\2 \1/p' | sort > names
expect_equal "shared by name" "$(< names)" \
	"$(json '.shared.named[] | "\(.kind) \(.name) \(.modules)"' | sort)"
expect_equal "types with one name" "$(wc -l < names)" "$(json '.shared.named | length')"

# The sums, the order, the first module.
expect_equal "sum of types" "$(json '(.shared.named | length) + .shared.anonymous.types')" \
	"$(json .shared.types)"
expect_equal "sum of bytes" "$(json '([.shared.named[].saved] | add) + .shared.anonymous.saved')" \
	"$(json .shared.saved)"
expect_equal "order" "$(json '[.shared.named[].saved] | sort | reverse | @csv')" \
	"$(json '[.shared.named[].saved] | @csv')"
expect_equal "first module" "$(json '.modules[0].path')" \
	"$(json '.shared.named[] | select(.name == "helper" and .kind == "STRUCT") | .first')"

# The list has all, and so has the table while they are no more than ten.
expect_equal "lines of the list" "$(json '.shared.named | length')" "$(grep -c ', as in ' list)"
expect_equal "lines of the table" 5 "$(grep -c ', as in ' table)"
expect_equal "the table's first" "$(grep -m1 -o 'STRUCT.*' list)" \
	"$(grep -m1 -o 'STRUCT.*, as in .*' table)"

# Other forms of the input are the same to the byte, and so are any number of workers.
for jobs in 1 2 8; do
	run -q -B "$base" -j$jobs --shared - "$tree/standalone"
	expect_same list stdout
done
run -q -B "$base" --shared split.list "$tree/split"
expect_same list split.list
run -q -B "$base" --engine libbpf --shared libbpf.list "$tree/standalone"
expect_status 0
expect_equal "struct helper by libbpf" "$(grep 'STRUCT helper,' list | awk '{ print $5 }')" \
	"$(grep 'STRUCT helper,' libbpf.list | awk '{ print $5 }')"

# In the base, they are shared no more.
mkdir moved
cat > moved/helper.c <<'C'
#include "kernel.h"
struct helper { struct helper *next; struct queue *queue; int (*help)(struct helper *); };
struct helper moved_helper;
C
(
	cd moved
	for unit in core net fs; do
		cp "$tree/src/$unit.c" .
	done
	cp "$tree/src/kernel.h" .
	gcc -g -gdwarf-4 -O1 -c core.c net.c fs.c helper.c
	ld -r -o vmlinux core.o net.o fs.o helper.o
	pahole -J --btf_gen_floats vmlinux
)
run -q -B moved/vmlinux --json moved.json --shared moved.list "$tree/standalone"
expect_status 0
if grep 'STRUCT helper,' moved.list; then
	fail "struct helper is in the base, and still shared"
fi
before=$(json '[.modules[].kinds.STRUCT.bytes] | add')
after=$(json '[.modules[].kinds.STRUCT.bytes] | add' moved.json)
expect_equal "bytes of structs that it saved" $((12 * 48)) $((before - after))

# Without --shared there is nothing of it; a module that has nothing to share is none.
run -q -B "$base" --json without.json "$tree/standalone"
expect_equal "key" null "$(json .shared without.json)"
run -B "$base" --shared one.list --json json "$tree/standalone/extra/mod3.ko"
expect_equal "of one module" "0 0" "$(json '"\(.shared.types) \(.shared.saved)"')"
