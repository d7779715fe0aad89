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
	local vmlinuz=$1 plan=$work/plan.now job=$work/job.now log=$4 boot=0 first=1 last next name
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
		read -r next name < <(facts "$work/boot.log" | awk -v first="$first" '
			$1 == "insert" || $1 == "module" { number = $2; name = $3 }
			$1 == "insert" { open = number; max = number > max ? number : max }
			$1 == "module" { open = 0 }
			END {
				print (open && open < first ? (max > first ? max : first) : max + 1), name
			}') || true
		printf '\n[0.0] btfbatch: machine %s in %s\n' "$ending" "${name:-none}" >>"$log"
		# Nothing was inserted, or all: what is wrong is not a module.
		((next > 1 && next <= last && (next > first || name != lastname))) || return 0
		sed -i "s/^\($name\t\)[a-z]*/\1skip/" "$plan"
		first=$next lastname=$name
		echo "insert /plan $first $last" >"$job"
	done
}
