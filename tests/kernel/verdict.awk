# SPDX-License-Identifier: GPL-2.0-only
# awk -f verdict.awk EXPECTED LOG: the verdict on a boot, a line for each complaint, none
# if all is well. LOG is what the machine said (of several boots, one behind the other). The
# facts in it (guest/say.h) are held against EXPECTED, which has lines like them:
#
#	must FACT    this fact is in LOG, once
#	tried N NAME the module was tried; whether it could be inserted is left open
#
# Every module that was inserted has exactly its blob, and every BTF that the kernel's parser
# saw passed it, whether the module was inserted then or not (a driver without its device).
# No program says what was not expected. And the kernel does not complain, before, meanwhile or
# afterwards: about BTF (6.1: kernel/bpf/btf.c), kfuncs, or anything by WARN(), BUG(), an oops.

function complain(what) {
	print what
}

# What the kernel says when it is not content. "BPF:" begins each line of its verifier of
# BTF; where CONFIG_MODULE_ALLOW_BTF_MISMATCH is set, most of them are left out and a module
# whose BTF is rejected is told of once a boot, by "BTF mismatch".
function is_complaint(line) {
	return tolower(line) ~ /(^|[^a-z_])bpf:|kfunc|btf mismatch/ ||
		line ~ /failed to validate|failed to register module|BTF in sysfs/ ||
		line ~ /WARNING: |BUG: |Oops|Kernel panic|general protection fault/ ||
		line ~ /kobject_add_internal failed|cannot create duplicate filename/
}

function judge_module(fact,    f) {
	# module NUMBER NAME ERRNO BTF BLOB REMOVE
	split(fact, f, " ")
	tried[f[2] " " f[3]] = 1
	if (f[5] != "0" && f[5] != "-")
		complain("module " f[3] ": the kernel's parser of BTF says " f[5])
	if (f[4] == "0" && f[6] != "same" && f[6] != "none")
		complain("module " f[3] ": /sys/kernel/btf/" f[3] ": " f[6])
}

FNR == 1 { file++ }

file == 1 && sub(/^must /, "") { must[$0] = 1; order[++musts] = $0; next }
file == 1 && /^tried / { try[$2 " " $3] = 1; next }

{
	sub(/\r$/, "")
	sub(/^\[ *[0-9]+\.[0-9]+\] /, "")
}

sub(/^btfbatch: /, "") {
	facts[$0]++
	if (/^module /)
		judge_module($0)
	else if (/^(fault|machine) /)
		complain($0)
	else if (/^(program|trace) / && !($0 in must))
		complain("not expected: " $0)
	last = $0
	next
}

is_complaint($0) { complain("the kernel: " $0 (last ? " (after \"" last "\")" : "")) }

END {
	for (i = 1; i <= musts; i++)
		if (facts[order[i]] != 1)
			complain((facts[order[i]] ? "more than once: " : "missing: ") order[i])
	for (name in try)
		if (!(name in tried))
			complain("not tried: " name)
}
