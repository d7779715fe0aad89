# SPDX-License-Identifier: GPL-2.0-only
# The machine: qemu, its acceleration, its log, and how it ended. Sourced by lib.sh.

# choose_accel VMLINUZ: sets $accel. That there is a /dev/kvm says little (where machines are
# nested it may run some code and not all), so VMLINUZ itself has to say a word under it.
choose_accel() {
	accel=${BOOT_ACCEL:-kvm}
	[[ ${BOOT_ACCEL:-} ]] && return
	if [[ -w /dev/kvm ]]; then
		machine_start "$1" /dev/null "$work/probe.log"
		for _ in {1..50}; do
			sleep 0.2
			grep -q 'Linux version' "$work/probe.log" && break
		done
		machine_kill
		grep -q 'Linux version' "$work/probe.log" && return
	fi
	accel=tcg
}

# machine_start VMLINUZ INITRAMFS LOG: sets $machine, its process.
machine_start() {
	# No watchdog, and no check that its timer ticks in time: an emulated machine on a busy
	# host may stand still for a while.
	local -a options=(
		console=ttyS0 ignore_loglevel printk.devkmsg=on log_buf_len=4M
		panic=-1 oops=panic nowatchdog no_timer_check rcupdate.rcu_expedited=1
	)
	: >"$3"
	qemu-system-x86_64 -accel "$accel" -M q35 -cpu max -smp 1 -m "${BOOT_MEMORY:-$memory}" \
		-nodefaults -display none -no-reboot -serial "file:$3" -kernel "$1" -initrd "$2" \
		-append "${options[*]}" >"$work/qemu.log" 2>&1 </dev/null &
	machine=$!
}

machine_kill() {
	[[ ${machine:-} ]] || return 0
	kill -KILL "$machine" 2>/dev/null || true
	wait "$machine" 2>/dev/null || true
	machine=
}

# machine_run VMLINUZ INITRAMFS LOG: one boot, to its end. LOG gets what the kernel
# says; $ending is how it ended, from what LOG and qemu say: end, panic, hang, or early (the
# first process turned it off before its end, or qemu gave up).
machine_run() {
	local log=$3 silence=${BOOT_SILENCE:-300} size=-1 quiet=0 now
	machine_start "$1" "$2" "$log"
	ending=early
	while kill -0 "$machine" 2>/dev/null; do
		sleep 0.2
		now=$(stat -c %s "$log")
		quiet=$((now == size ? quiet + 1 : 0)) size=$now
		((quiet < silence * 5)) && continue
		ending=hang
		break
	done
	machine_kill
	[[ $ending == hang ]] && return
	if grep -q 'Kernel panic' "$log"; then
		ending=panic
	elif grep -q '\] btfbatch: end' "$log"; then
		ending=end
	fi
}

# machine_job PLAN JOB: the archive of one boot's own files behind root.cpio. Sets $initramfs.
machine_job() {
	local job=$work/job
	rm -rf "$job"
	mkdir "$job"
	cp "$1" "$job/plan"
	cp "$2" "$job/job"
	pack "$job" "$work/job.cpio"
	initramfs=$work/initramfs
	cat "$work/root.cpio" "$work/job.cpio" >"$initramfs"
}
