#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# On a terminal there is a progress bar on stderr while btfbatch works, and nothing
# of it when it is done. Anywhere else there is none.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

cd "$tmp"

# The bar waits for a tenth of a second. What takes that long on any machine is to
# unpack as much as this.
mkdir in
cp "$tree/standalone/extra/"* in
head -c 64M /dev/zero | gzip -1 > zeros
for i in 1 5; do
	(gzip < "$tree/standalone/kernel/net/mod$i.ko" && cat zeros zeros zeros) > "in/slow$i.ko.gz"
done

# on_terminal ARGUMENT...: with stderr a terminal of its own, as a file `terminal`
on_terminal()
{
	local command

	printf -v command '%q ' "$BTFBATCH" "$@"
	status=0
	script -qec "$command > stdout" terminal > /dev/null < /dev/null || status=$?
}

# What is on the screen in the end: each line as its last rewriting left it.
screen()
{
	tr -d '\r' < terminal | sed -e '/^Script \(started\|done\)/d' -e 's/.*\x1b\[K//'
}

export TERM=xterm
on_terminal -B "$base" -j1 in
expect_status 0
grep -q $'\r.*5/5\|\r.*[0-9]%' terminal || fail "there was no progress bar"
expect_equal "left on the terminal" '' "$(screen | tr -d '\n')"
expect_equal "first line of the table" base "$(awk 'NR == 1 { print $1 }' stdout)"

# Messages are whole lines, not mixed with the bar.
rm in/slow5.ko.gz
echo bad > in/bad.ko
on_terminal -q -B "$base" -j2 in
expect_status 1
expect_equal "left on the terminal" \
	'btfbatch: bad.ko: failed: neither ELF nor BTF, nor in a known compression' "$(screen)"
expect_silent stdout

# A terminal that cannot, or no terminal: no bar.
TERM=dumb on_terminal -q -B "$base" -j1 in
expect_equal "on a dumb terminal" \
	'btfbatch: bad.ko: failed: neither ELF nor BTF, nor in a known compression' \
	"$(tr -d '\r' < terminal | sed -e '/^Script \(started\|done\)/d')"
rm in/bad.ko
run -q -B "$base" -j1 in
expect_status 0
expect_silent stderr
