#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# mutants.sh VMLINUZ MODULES [COUNT [SEED]]
#
# Does `btfbatch check` say of modules what a kernel says of them? COUNT mutants (60 without it) of
# the BTF of each of some small modules of MODULES, the tree that belongs to VMLINUZ, are
# inserted in a booted VMLINUZ, by insert.sh. Compared are verdict, errno, and the kernel's lines.
# A module that the kernel takes may be called broken: the verdict is the kernel's all the same.
#
# Environment: BTFBATCH and BTFMUTANTS, the programs. MUTANTS_KEEP, a directory to be
# made, keeps what was tried.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/../../scripts/lib.sh"
export LC_ALL=C
: "${BTFBATCH:?names the program}" "${BTFMUTANTS:?names the program that makes mutants}"
vmlinuz=$1 modules=$2 count=${3:-60} seed=${4:-1}
# They need no other, begin with no device, and bring no kfuncs: what is inserted has just its types.
names=(dummy loop nlmon sch_fq tcp_vegas veth)

if [[ ${MUTANTS_KEEP:-} ]]; then
	mkdir "$MUTANTS_KEEP"
	tmp=$MUTANTS_KEEP
else
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/btfbatch-mutants.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
fi

die() {
	echo "mutants.sh: $*" >&2
	exit 2
}

unpacked() { # FILE
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -qdc "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

# Mutants of module NAME, $tmp/ko/NAME-0001.ko and so on.
mutate() {
	local file number
	file=$(find "$modules" -name "$1.ko*" | head -n 1)
	[[ $file ]] || die "$1: not in $modules"
	unpacked "$file" >"$tmp/$1.ko"
	objcopy --dump-section ".BTF=$tmp/$1.btf" "$tmp/$1.ko" /dev/null
	mkdir "$tmp/btf"
	"$BTFMUTANTS" "$tmp/base.btf" "$tmp/$1.btf" "$count" "$seed" "$tmp/btf"
	for number in "$tmp"/btf/*.btf; do
		objcopy --update-section ".BTF=$number" "$tmp/$1.ko" \
			"$tmp/ko/$1-$(basename "$number" .btf).ko"
	done
	rm -rf "$tmp/btf"
}

extract_btf "$vmlinuz" "$tmp/base.btf" || die "$vmlinuz: no BTF found"
mkdir "$tmp/ko"
for name in "${names[@]}"; do
	mutate "$name"
done

bash "${INSERT:-$here/insert.sh}" "$vmlinuz" "$tmp/ko" "$tmp/kernel.tsv" || die "insert.sh: status $?"
status=0
"$BTFBATCH" check -B "$tmp/base.btf" --kernel "$(basename "$(realpath "$modules")")" \
	--json "$tmp/check.json" -q "$tmp/ko" >"$tmp/check.txt" || status=$?
((status <= 1)) || die "btfbatch check: status $status"

# Both as: file, accepted or rejected, errno, lines; tabs and what is not UTF-8 as escapes.
jq -r '.modules[] | [.path, (if .status == "rejected" then "rejected" else "accepted" end),
	(.errno_name // "0"), ((.kernel_log // "") | rtrimstr("\n") | gsub("\n"; "\\n") |
		gsub("\t"; "\\t"))] |
	join("\t")' "$tmp/check.json" >"$tmp/ours.tsv"
awk -F '\t' -v OFS='\t' 'NR > 1 {
	n = split($6, line, /\\n/)
	log_ = ""
	for (i = 1; i <= n; i++)
		if (line[i] ~ /^BPF:/)
			log_ = log_ (log_ == "" ? "" : "\\n") line[i]
	print $1, $2, $4, log_
}' "$tmp/kernel.tsv" | perl -pe 's/([\x80-\xff])/sprintf "\\x%02x", ord $1/ge' >"$tmp/theirs.tsv"

# A kernel that lets modules in whose BTF it rejects (CONFIG_MODULE_ALLOW_BTF_MISMATCH) leaves out
# the lines about single types, but in versions before 6.4.
lines=all
if ! grep -q 'BPF: \[[0-9]*\] [A-Z][A-Z]' "$tmp/theirs.tsv"; then
	lines='those not about single types'
	awk -F '\t' -v OFS='\t' '{ if ($4 ~ /^BPF: (\[[0-9]+\] [A-Z][A-Z]|\\t.*bits_offset=)/) $4 = ""; print }' \
		"$tmp/ours.tsv" >"$tmp/ours.few"
	mv "$tmp/ours.few" "$tmp/ours.tsv"
fi
diff "$tmp/theirs.tsv" "$tmp/ours.tsv" >"$tmp/differences" || {
	echo "the kernel (<) and btfbatch check (>) disagree:" >&2
	head -n 40 "$tmp/differences" >&2
}
printf '%s mutants, %s accepted; compared are verdict, errno, and lines: %s; disagreements: %s\n' \
	"$(wc -l <"$tmp/theirs.tsv")" "$(grep -c $'\taccepted\t' "$tmp/theirs.tsv")" "$lines" \
	"$(grep -c '^<' "$tmp/differences" || true)"
[[ ! -s $tmp/differences ]]
