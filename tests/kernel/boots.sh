# SPDX-License-Identifier: GPL-2.0-only
# As many boots as a plan takes. Sourced by lib.sh.

# facts LOG: what the guest said, a line each (guest/say.h).
facts() {
	sed -n 's/^\[ *[0-9.]*\] btfbatch: //p' "$1" | tr -d '\r'
}

# boot_plan VMLINUZ PLAN JOB LOG: does JOB in the machine, a script that gets its modules by
# "insert /plan FIRST LAST", up to its end. Where the machine ends before that, it is booted
# again to insert what is behind the module that was the last one; that is left out from
# then on. LOG has all boots, each begun by a line
#
#	btfbatch: boot N
#
# and, where it did not come to its end, ended by
#
#	btfbatch: machine ENDING in NAME
boot_plan() {
	local vmlinuz=$1 plan=$work/plan.now job=$work/job.now log=$4
	local boot=0 first=1 last next culprit name before=0
	cp "$2" "$plan"
	cp "$3" "$job"
	last=$(wc -l <"$plan")
	: >"$log"
	while true; do
		boot=$((boot + 1))
		machine_job "$plan" "$job"
		machine_run "$vmlinuz" "$initramfs" "$work/boot.log"
		{
			echo "[0.0] btfbatch: boot $boot"
			cat "$work/boot.log"
		} >>"$log"
		[[ $ending != end ]] || return 0
		read -r next culprit name < <(facts "$work/boot.log" | go_on "$first")
		printf '\n[0.0] btfbatch: machine %s in %s\n' "$ending" "${name:-none}" >>"$log"
		# Nothing was inserted, or all, or it was no module: there is nothing to go on with.
		((culprit && culprit != before && next <= last)) || return 0
		sed -i "${culprit}s/\t[a-z]*/\tskip/" "$plan"
		first=$next before=$culprit
		echo "insert /plan $first $last" >"$job"
	done
}

# go_on FIRST < facts: of a boot that began with the plan's line FIRST and did not come to its
# end, the line to go on with, and the number and name of the module that was the last one. It
# may be one that FIRST or a later one needs: that is tried again then, without it.
go_on() {
	awk -v first="$1" '
		$1 == "insert" || $1 == "module" { number = $2; name = $3 }
		number > reached { reached = number }
		END {
			next_one = reached < first ? first : reached
			if (number == next_one)
				next_one++
			print next_one, number + 0, name
		}'
}
