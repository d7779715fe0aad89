#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A module without .BTF is reported as such, and is no failure.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mkdir "$tmp/in"
cd "$tmp/in"
objcopy --remove-section=.BTF "$tree/standalone/extra/mod3.ko" plain.ko
strip --strip-debug -o stripped.ko plain.ko
xz < plain.ko > packed.ko.xz
touch "$tmp/empty"
objcopy --add-section ".BTF=$tmp/empty" plain.ko empty.ko
objcopy --rename-section .BTF=.BTF.ext "$tree/standalone/extra/mod3.ko" other.ko
cp "$tree/standalone/extra/mod7.ko" with.ko

run -B "$base" -o "$tmp/out" --json "$tmp/json" --csv "$tmp/csv" .
expect_status 0
expect_silent stderr
expect_files "$tmp/out" <<< with.ko.btf
expect_equal states $'empty.ko no-btf\nother.ko no-btf\npacked.ko.xz no-btf\nplain.ko no-btf
stripped.ko no-btf\nwith.ko ok' "$(json '.modules[] | .path + " " + .status')"
expect_equal totals '6 1 5 0' "$(json '.totals | "\(.modules) \(.ok) \(.no_btf) \(.failed)"')"
expect_equal "keys of a row" 'path status' \
	"$(json '[.modules[] | select(.status == "no-btf") | keys[]] | unique | join(" ")')"
expect_equal "rows of the CSV" 5 "$(grep -c '^[a-z.]*,no-btf,,,' "$tmp/csv")"
grep -q '^modules .*\<6\>.*\<1 ok\>.*\<5 .*BTF' "$tmp/stdout" ||
	fail "the table's totals: $(head -n 3 "$tmp/stdout")"

# Also where no module has any.
rm with.ko
run -B "$base" --engine libbpf -o "$tmp/none" .
expect_status 0
expect_silent stderr
[[ ! -e $tmp/none ]] || expect_files "$tmp/none" < /dev/null
