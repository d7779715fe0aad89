#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --embed --btf-dir: the BTF of a detached encoder goes into the modules, which have none
# yet, or another; and a distilled base goes out.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/embed_lib.sh"
cd "$tmp"

run -q -B "$base" -o blobs "$tree/standalone"
cp -a "$tree/standalone" in
find in -name '*.ko' -exec objcopy --remove-section .BTF {} \;
xz --check=crc32 in/extra/mod3.ko
cp -r "$tree/raw" detached
rm detached/extra/mod7.ko.btf

run -q -B "$base" --embed --btf-dir detached -o out --json json in
expect_status 0
expect_silent stderr
expect_equal "without a blob" 'extra/mod7.ko no-btf unchanged' \
	"$(json '.modules[] | select(.status != "ok") | "\(.path) \(.status) \(.file)"')"
expect_same in/extra/mod7.ko out/extra/mod7.ko
xz -d in/extra/mod3.ko.xz out/extra/mod3.ko.xz
for ko in $(cd blobs && find . -name '*.ko.btf'); do
	ko=${ko%.btf}
	[[ $ko == */mod7.ko ]] || expect_embedded "in/$ko" "out/$ko" "blobs/$ko.btf"
done

# Again into what has them now: nothing to do.
run -q -B "$base" --embed --btf-dir detached --in-place --json json out
expect_status 0
expect_equal "again" unchanged "$(json '[.modules[].file] | unique[]')"

# A distilled base, whatever it holds, goes: the new .BTF is relative to the full base.
printf 'distilled' > distilled
mkdir based
objcopy --add-section .BTF.base=distilled "$tree/standalone/extra/mod3.ko" based/mod3.ko
mkdir based.btf
cp "$tree/raw/extra/mod3.ko.btf" based.btf/
run -q -B "$base" --embed --btf-dir based.btf -o unbased based
expect_status 0
! has_section unbased/mod3.ko .BTF.base || fail ".BTF.base is still there"
expect_embedded "$tree/standalone/extra/mod3.ko" unbased/mod3.ko blobs/extra/mod3.ko.btf

# A blob that is broken, and one of the wrong kind, are failures of their module alone.
head -c 50 "$tree/raw/extra/mod3.ko.btf" > based.btf/mod3.ko.btf
run -q -B "$base" --embed --btf-dir based.btf -o broken based
expect_status 1
expect_only_line stderr 'btfbatch: mod3.ko: failed: .*'
[[ ! -e broken ]] || fail "something was written"
