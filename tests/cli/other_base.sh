#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Split BTF that belongs to another base fails, and the message says so; it is not
# read as if its ids and names were this base's.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/in"
cd "$tmp/in"
run -q -B "$base" -o "$tmp/expected" "$tree/standalone/extra"

other_base() # SED-SCRIPT: the tree's sources, changed
{
	rm -rf "$tmp/src"
	cp -r "$tree/src" "$tmp/src"
	sed -i "$1" "$tmp/src/"*
	gcc -g -gdwarf-4 -O1 -c -o "$tmp/other.o" "$tmp/src/core.c"
	gcc -g -gdwarf-4 -O1 -c -o "$tmp/other2.o" "$tmp/src/net.c"
	ld -r -o "$tmp/other" "$tmp/other.o" "$tmp/other2.o"
	pahole -J "$tmp/other"
	objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc \
		"$tmp/other" "$tmp/other.btf"
}

# expect_refused NAME: NAME.ko is split over $tmp/other.btf
expect_refused()
{
	rm -rf "$tmp/out"
	run -q -B "$base" -o "$tmp/out" --json "$tmp/json" "$tmp/in" "$tree/standalone/extra"
	expect_failure "$1" 'split BTF of another base: .*'
	expect_same_trees "$tmp/expected" "$tmp/out"
	expect_equal "modules done" 3 "$(json .totals.ok)"
	# Over its own base it is well.
	run -q -B "$tmp/other.btf" "$1"
	expect_status 0
}

# A smaller base, one with other strings, one with a longer string at its begin.
for change in 's/^struct chain.*/struct chain { notify_t call; };/' \
	      's/\bcookie\b/a_much_longer_name_than_it_had/' \
	      's/\bdevice\b/apparatus/g'; do
	other_base "$change"
	for name in mod3 mod7; do
		gcc -g -gdwarf-4 -O1 -c -o other.ko "$tree/src/$name.c"
		pahole -J --btf_base "$tmp/other.btf" other.ko
		expect_refused other.ko
		rm other.ko
	done
done

# Our own blobs over another base.
run -q -B "$tmp/other.btf" -o "$tmp/blobs" "$tree/standalone/extra"
expect_status 0
for blob in "$tmp/blobs/"*; do
	cp "$blob" other.btf
	expect_refused other.btf
	rm other.btf
done
