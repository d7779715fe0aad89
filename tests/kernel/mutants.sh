#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# mutants.sh VMLINUZ MODULES [COUNT [SEED]]
#
# Does `btfbatch check` say of modules what a kernel says of them? COUNT mutants (60 without it) of
# the BTF of each of some small modules of MODULES, the tree that belongs to VMLINUZ, are
# inserted in a booted VMLINUZ, by insert.sh. Compared are verdict, errno, and the kernel's lines.
# A module that the kernel takes may be called broken: the verdict is the kernel's all the same.
#
# Environment: BTFBATCH and BTFMUTANTS, the programs. BOOT_WORK, a directory, keeps what was tried.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$here/../../scripts/lib.sh"
: "${BTFBATCH:?names the program}" "${BTFMUTANTS:?names the program that makes mutants}"
(($# >= 2)) || usage
vmlinuz=$1 modules=$2 count=${3:-60} seed=${4:-1}
# They need no other, begin with no device, and bring no kfuncs: what is inserted has just its types.
names=(dummy loop nlmon sch_fq tcp_vegas veth)

# Mutants of module NAME, $work/ko/NAME-0001.ko and so on.
mutate() {
	local file number
	file=$(find "$modules" -name "$1.ko*" | head -n 1)
	[[ $file ]] || die "$1: not in $modules"
	unpack "$file" >"$work/$1.ko"
	objcopy --dump-section ".BTF=$work/$1.btf" "$work/$1.ko" /dev/null
	mkdir "$work/btf"
	"$BTFMUTANTS" "$work/base.btf" "$work/$1.btf" "$count" "$seed" "$work/btf"
	for number in "$work"/btf/*.btf; do
		objcopy --update-section ".BTF=$number" "$work/$1.ko" \
			"$work/ko/$1-$(basename "$number" .btf).ko"
	done
	rm -rf "$work/btf"
}

extract_btf "$vmlinuz" "$work/base.btf" || die "$vmlinuz: no BTF found"
mkdir "$work/ko"
for name in "${names[@]}"; do
	mutate "$name"
done

bash "$here/insert.sh" "$vmlinuz" "$work/ko" "$work/kernel.tsv" || die "insert.sh: status $?"
status=0
"$BTFBATCH" check -B "$work/base.btf" --kernel "$(basename "$(realpath "$modules")")" \
	--json "$work/check.json" -q "$work/ko" >"$work/check.txt" || status=$?
((status <= 1)) || die "btfbatch check: status $status"

# Both as: file, accepted or rejected, errno, lines; tabs and what is not UTF-8 as escapes.
jq -r '.modules[] | [.path, (if .status == "rejected" then "rejected" else "accepted" end),
	(.errno_name // "0"), ((.kernel_log // "") | rtrimstr("\n") | gsub("\n"; "\\n") |
		gsub("\t"; "\\t"))] |
	join("\t")' "$work/check.json" >"$work/ours.tsv"
awk -F '\t' -v OFS='\t' 'NR > 1 {
	n = split($6, line, /\\n/)
	log_ = ""
	for (i = 1; i <= n; i++)
		if (line[i] ~ /^BPF:/)
			log_ = log_ (log_ == "" ? "" : "\\n") line[i]
	print $1, $2, $4, log_
}' "$work/kernel.tsv" | perl -pe 's/([\x80-\xff])/sprintf "\\x%02x", ord $1/ge' >"$work/theirs.tsv"

# A kernel that lets modules in whose BTF it rejects (CONFIG_MODULE_ALLOW_BTF_MISMATCH) leaves out
# the lines about single types, but in versions before 6.4.
lines=all
if ! grep -q 'BPF: \[[0-9]*\] [A-Z][A-Z]' "$work/theirs.tsv"; then
	lines='those not about single types'
	awk -F '\t' -v OFS='\t' '{ if ($4 ~ /^BPF: (\[[0-9]+\] [A-Z][A-Z]|\\t.*bits_offset=)/) $4 = ""; print }' \
		"$work/ours.tsv" >"$work/ours.few"
	mv "$work/ours.few" "$work/ours.tsv"
fi
diff "$work/theirs.tsv" "$work/ours.tsv" >"$work/differences" || {
	echo "the kernel (<) and btfbatch check (>) disagree:" >&2
	head -n 40 "$work/differences" >&2
}
printf '%s mutants, %s accepted; compared are verdict, errno, and lines: %s; disagreements: %s\n' \
	"$(wc -l <"$work/theirs.tsv")" "$(grep -c $'\taccepted\t' "$work/theirs.tsv")" "$lines" \
	"$(grep -c '^<' "$work/differences" || true)"
[[ ! -s $work/differences ]]
