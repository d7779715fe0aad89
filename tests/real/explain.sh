#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# explain.sh [BASE MISMATCHED MATCHED]: modules of real C, encoded with other features than
# their base, and the same modules encoded as it: explain --tree has to name the enums that
# are written differently as causes, just those that a comparison of bpftool's dumps
# finds; what waits for them has to be what is merged when the same modules are encoded
# alike; and of these no such cause may be left.
#
# Without arguments on what make_modules.sh made. Environment: BTFBATCH, the program;
# BTFREAL, ready modules (made anew without it).
set -euo pipefail
export LC_ALL=C

tmp=$(mktemp -d "${TMPDIR:-/tmp}/btfbatch-explain.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

fail()
{
	printf 'explain.sh: %s\n' "$*" >&2
	exit 1
}

# Of each enum of a dump that has enumerators, a line: what it goes by, kind and sign, size
# and enumerators. Of a value the lower half, as the other sign and ENUM have it.
enums() # BTF
{
	bpftool btf dump file "$1" format raw | awk -v OFS='\t' '
		function done() { if (values) print name, kind, size values }
		function lower(val,    half, i) {
			# Digit by digit, as a double has not room for 64 bits.
			for (i = 1; i <= length(val); i++)
				if (substr(val, i, 1) ~ /[0-9]/)
					half = (half * 10 + substr(val, i, 1)) % 4294967296
			return val ~ /^-/ && half ? 4294967296 - half : half + 0
		}
		/^\[/ {
			done()
			values = ""
			listed = $2 ~ /^ENUM/
			tag = substr($3, 2, length($3) - 2)
			kind = $2 " " $4
			size = $5
			more = $6 != "vlen=1" ? ", ..." : ""
		}
		listed && /^\t/ {
			first = substr($1, 2, length($1) - 2)
			if (!values)
				name = "enum " (tag == "(anon)" ? "{" first more "}" : tag)
			values = values " " first "=" lower(substr($2, 5))
		}
		END { done() }'
}

# The enums of the modules that say the same as one of the base, which is written
# otherwise; and none of the base is written as they are.
count_enums() # BASE MODULE...
{
	local base=$1 module

	shift
	enums "$base" > "$tmp/base.enums"
	for module; do
		enums "$module"
	done | sort -u > "$tmp/module.enums"
	awk -F'\t' 'NR == FNR { same[$1, $3] = 1; exact[$1, $2, $3] = 1; next }
		(($1, $3) in same) && !(($1, $2, $3) in exact) { print $1 }' \
		"$tmp/base.enums" "$tmp/module.enums" | sort -u
}

split_types() # BASE MODULE...
{
	local base=$1

	shift
	"$BTFBATCH" -q -B "$base" --json - "$@" | jq .totals.split_types
}

# check NAME BASE, and the modules in the arrays mismatched and matched
check()
{
	local name=$1 base=$2 counted named gone told first

	"$BTFBATCH" explain -q -B "$base" --json "$tmp/other.json" --tree "${mismatched[@]}"
	"$BTFBATCH" explain -q -B "$base" --json "$tmp/same.json" --tree "${matched[@]}"
	"$BTFBATCH" explain -q -j1 -B "$base" --json "$tmp/again.json" --tree "${mismatched[@]}"
	cmp "$tmp/other.json" "$tmp/again.json" || fail "$name: -j1 gives something else"

	counted=$(count_enums "$base" "${mismatched[@]}")
	named=$(jq -r '.causes[] | select(.kind == "encoder" and (.type | startswith("enum "))) | .type' \
		"$tmp/other.json" | sort -u)
	[[ $counted ]] || fail "$name: no enum is written otherwise"
	[[ $counted == "$named" ]] ||
		fail "$name: enums: $(diff <(echo "$counted") <(echo "$named") || true)"

	# One of them is what most waits for.
	first=$(jq -r '.causes[0] | "\(.kind) \(.type)"' "$tmp/other.json")
	[[ $first == "encoder enum "* ]] || fail "$name: the first cause is $first"

	# Encoded alike, none of it is a cause, and all that waited for it is merged: what
	# explain takes for new is new there too. (Bytes are not compared: an enum of the
	# module's own may be an ENUM here and an ENUM64 there.)
	jq -e '[.causes[] | select(.kind == "encoder")] == []' "$tmp/same.json" > /dev/null ||
		fail "$name: encoded alike, encoder causes are left"
	gone=$(($(split_types "$base" "${mismatched[@]}") - $(split_types "$base" "${matched[@]}")))
	told=$(jq -n --slurpfile other "$tmp/other.json" --slurpfile same "$tmp/same.json" \
		'$other[0].totals.caused.types - $same[0].totals.caused.types')
	[[ $gone == "$told" && $gone -gt 0 ]] ||
		fail "$name: encoded alike there are $gone types less, explain says $told"
	# All together keep everything that any does.
	jq -e '.causes[-1].together_bytes == .totals.caused.bytes' "$tmp/other.json" > /dev/null ||
		fail "$name: together they keep something else than what is caused"
	echo "$name: $(wc -l <<< "$counted") enums keep $gone types"
}

if (($#)); then
	mapfile -t mismatched < <(find "$2" -name '*.btf' | sort)
	matched=("${mismatched[@]/#"$2"/"$3"}")
	check "$2" "$1"
	exit 0
fi
if [[ -z ${BTFREAL:-} ]]; then
	BTFREAL=$tmp/real
	bash "$(dirname "$0")/make_modules.sh" "$BTFREAL"
fi
for base in gcc-all gcc-old; do
	mismatched=("$BTFREAL/$base"/modules/{plain,helper,video}-gcc-features.ko)
	matched=("${mismatched[@]/%features.ko/pahole.ko}")
	check "$base" "$BTFREAL/$base/base.btf"
done
