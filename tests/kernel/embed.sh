#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# embed.sh VMLINUZ IN EMBEDDED BLOBS
#
# What $BTFBATCH makes of the modules below IN: the modules with their split BTF, and the
# blobs alone. The signatures, which cannot stay true, are dropped.
set -euo pipefail
(($# == 4)) || {
	sed -n '/^# embed.sh/s/^# //p' "$0" >&2
	exit 2
}
: "${BTFBATCH:?names the program}"
"$BTFBATCH" --base "$1" -q -o "$4" "$2"
"$BTFBATCH" --base "$1" -q --embed --drop-signature -o "$3" "$2"
