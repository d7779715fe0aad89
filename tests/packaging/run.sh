#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh VMLINUZ MODULES: does what docs/packaging.md says, with its own words: the blocks of
# code there are what is run. VMLINUZ is a Debian kernel whose headers are installed, MODULES
# its unpacked tree (/lib/modules/VERSION). $BTFBATCH is the program.
#
# The modules are a few small ones (modules/), built by kbuild with debug info and encoded by
# pahole, and a few that Debian ships. Those of Debian's -dbg package would do as well, but are
# 280 MB to fetch. For each way of packaging the modules that come out of the package must have
# exactly the BTF that `btfbatch -o` writes, .BTF_ids that bpftool agrees with, no debug info,
# and the same modinfo as before.
#
# Needs dkms (as root), rpm, debugedit, dpkg-dev, debhelper, linux-headers, pahole, bpftool, kmod,
# openssl, jq, and what tests/kernel needs: the modules of dkms are inserted into the kernel, booted.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
(($# == 2)) || { sed -n '/^# run.sh/s/^# //p' "$0" >&2; exit 2; }
: "${BTFBATCH:?names the program to test}"
BTFBATCH=$(realpath "$BTFBATCH")
work=$(mktemp -d "${TMPDIR:-/tmp}/btfbatch-packaging.XXXXXX")
trap 'rm -rf "$work"' EXIT
export BTFBATCH FIXTURES=$work/fixtures

bash "$here/fixtures.sh" "$1" "$2" "$FIXTURES"
failed=0
for recipe in rpm debian dkms kernel_build; do
	if bash "$here/$recipe.sh"; then
		echo "passed: $recipe"
	else
		echo "FAILED: $recipe"
		failed=1
	fi
done
exit $failed
