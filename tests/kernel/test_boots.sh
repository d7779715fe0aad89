#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# test_boots.sh: what boots.sh and insert.sh's table make of machines that end before their time,
# with a qemu of our own that says what it is told to.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
memory=1 accel=none
export SCENE=$work/scene
mkdir -p "$work/bin" "$work/root"
pack "$work/root" "$work/root.cpio"
cat >"$work/bin/qemu-system-x86_64" <<'EOF'
#!/usr/bin/env bash
# Each call is the next boot: it leaves the plan and job that it got in plan.N and job.N, and
# writes say.N to its serial line. Where hang.N is, it says nothing more.
while (($#)); do
	case $1 in
	-serial) log=${2#file:} ;;
	-initrd) job=$(dirname "$2")/job ;;
	esac
	shift
done
boot=$(($(ls "$SCENE" | grep -c '^plan\.') + 1))
cp "$job/plan" "$SCENE/plan.$boot"
cp "$job/job" "$SCENE/job.$boot"
cat "$SCENE/say.$boot" >"$log"
[[ ! -e $SCENE/hang.$boot ]] || exec sleep 600
EOF
chmod +x "$work/bin/qemu-system-x86_64"
PATH=$work/bin:$PATH

# scene NAME...: a new one, with a plan of these modules, each of which needs the first.
scene() {
	local name number=1
	rm -rf "$SCENE"
	mkdir "$SCENE"
	for name; do
		printf '%s\tremove\t/m/%d.ko\t-\t%s\n' "$name" $number "$( ((number == 1)) || echo 1)"
		number=$((number + 1))
	done >"$SCENE/plan"
	echo "insert /plan 1 $#" >"$SCENE/job"
}

# said BOOT FACT...: what that boot says; a line that does not begin with "+" is the guest's.
said() {
	local boot=$1 line
	shift
	for line; do
		[[ $line == +* ]] && echo "[    1.000000] ${line#+}" || echo "[    1.000000] btfbatch: $line"
	done >"$SCENE/say.$boot"
}

play() {
	BOOT_SILENCE=1 boot_plan vmlinuz "$SCENE/plan" "$SCENE/job" "$SCENE/log"
	printf '%s.ko\n' one two three four | awk -v first=1 -f "$here/rows.awk" - "$SCENE/log" |
		tail -n +2 | cut -f 1-5 | tr '\t' ' ' >"$SCENE/rows"
}

expect() { # FILE LINE...
	local file=$1
	shift
	diff <(printf '%s\n' "$@") "$SCENE/$file"
}

whole_boot() {
	scene one two
	said 1 'insert 1 one' 'module 1 one 0 0 same 0' 'insert 2 two' '+BPF: no' \
		'module 2 two 0 EINVAL absent 0' 'inserted 1 2' end
	play
	expect rows 'one.ko accepted 0 0 0' 'two.ko rejected 0 EINVAL 0'
	[[ ! -e $SCENE/plan.2 ]]
}

panic_between() {
	scene one two three four
	said 1 'insert 1 one' 'module 1 one 0 0 same 0' 'insert 2 two' \
		'+Kernel panic - not syncing: Fatal exception'
	said 2 'insert 1 one' 'module 1 one 0 0 same 0' 'insert 3 three' 'module 3 three 0 0 same 0' \
		'insert 4 four' 'module 4 four ENODEV 0 - -' 'inserted 3 4' end
	play
	expect job.2 'insert /plan 3 4'
	expect plan.2 $'one\tremove\t/m/1.ko\t-\t' $'two\tskip\t/m/2.ko\t-\t1' \
		$'three\tremove\t/m/3.ko\t-\t1' $'four\tremove\t/m/4.ko\t-\t1'
	expect rows 'one.ko accepted 0 0 0' 'two.ko panic - - -' 'one.ko accepted 0 0 0' \
		'three.ko accepted 0 0 0' 'four.ko refused ENODEV 0 -'
}

hang_at_the_last() {
	scene one two
	said 1 'insert 1 one' 'module 1 one 0 0 same 0' 'insert 2 two'
	touch "$SCENE/hang.1"
	play
	expect rows 'one.ko accepted 0 0 0' 'two.ko hang - - -'
	[[ ! -e $SCENE/plan.2 ]]
}

# The module that others need takes the machine down when it is inserted again for them.
panic_in_a_need() {
	scene one two three
	said 1 'insert 1 one' 'module 1 one 0 0 same 0' 'insert 2 two' '+Kernel panic'
	said 2 'insert 1 one' '+Kernel panic'
	said 3 'insert 3 three' 'module 3 three ENOENT - - -' 'inserted 3 3' end
	play
	expect job.3 'insert /plan 3 3'
	expect plan.3 $'one\tskip\t/m/1.ko\t-\t' $'two\tskip\t/m/2.ko\t-\t1' $'three\tremove\t/m/3.ko\t-\t1'
}

never_comes_up() {
	scene one two
	said 1 '+Linux version'
	play
	[[ ! -e $SCENE/plan.2 && $ending == early ]]
	grep -q '^\[0.0\] btfbatch: machine early in none' "$SCENE/log"
}

verdict_on_them() {
	panic_between
	printf 'must end\n' >"$SCENE/expected"
	awk -f "$here/verdict.awk" "$SCENE/expected" "$SCENE/log" >"$SCENE/complaints"
	expect complaints \
		'the kernel: Kernel panic - not syncing: Fatal exception (after "insert 2 two")' \
		'machine panic in two'
}

check "a boot that comes to its end is all" whole_boot
check "a panic costs a boot, which goes on behind it" panic_between
check "a hang is noticed" hang_at_the_last
check "a panic in what others need leaves that out" panic_in_a_need
check "a machine that does not come up is not tried again" never_comes_up
check "a panic is a complaint" verdict_on_them
echo "$passed passed, $failed failed"
((failed == 0))
