#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SIGINT and SIGTERM: what is begun is finished, it is said how far it came, and the process ends
# by the signal. The second ends it at once.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

trials=40
copies=20
if [[ $SANITIZED ]]; then
	trials=12
fi
mkdir "$tmp/in"
for ((i = 0; i < copies; i++)); do
	cp -r "$tree/standalone" "$tmp/in/$i"
done
modules=$((12 * copies))
run -q -B "$base" -o "$tmp/whole" "$tmp/in"

# Up to `said` modules of all, where it was interrupted while it worked.
read_message() # STATUS
{
	local line

	[[ $status == "$1" ]] || fail "status $status: $(< "$tmp/stderr")"
	said=
	[[ -s $tmp/stderr ]] || return 0 # before the first module: there was nothing to finish
	expect_only_line stderr "btfbatch: interrupted: [0-9]+ of $modules modules done"
	line=$(< "$tmp/stderr")
	line=${line#*interrupted: }
	said=${line%% *}
}

# -- Blobs and reports --

whole()
{
	run -q -j2 -B "$base" -o "$tmp/out" "$tmp/in"
}
whole_run=$(duration whole)
midst=0
for ((i = 0; midst < trials / 2 && i < 10 * trials; i++)); do
	rm -rf "$tmp/out" "$tmp/json"
	signal=INT number=130
	((i % 2)) && signal=TERM number=143
	ended_by "$signal" $((whole_run * (i % trials + 1) / trials)) \
		-q "-j$((1 + i % 3))" -B "$base" -o "$tmp/out" --json "$tmp/json" "$tmp/in"
	expect_part_of "$tmp/out" "$tmp/whole"
	expect_nothing_left "$tmp"
	if [[ $status == 0 ]]; then
		came_too late
		continue
	fi
	read_message "$number"
	if [[ ! $said ]]; then
		came_too early
		continue
	fi
	mkdir -p "$tmp/out"
	expect_equal "blobs" "$said" "$(files_of "$tmp/out" | wc -l)"
	((said == modules)) || [[ ! -e $tmp/json ]] || fail "a report of $said of $modules modules"
	midst=$((midst + (said > 0 && said < modules)))
done
echo "$i signals in $whole_run us: $midst while it worked"
((midst == trials / 2)) || fail "only $midst of $i came while it worked"

# -- Modules in their places --

cp -r "$tmp/in" "$tmp/new"
run -q -j2 -B "$base" --embed --in-place "$tmp/new"
cp -r "$tmp/in" "$tmp/changing"
embed()
{
	run -q -j1 -B "$base" --embed --in-place "$tmp/changing"
}
whole_run=$(duration embed)
midst=0
for ((i = 1; midst < 4 && i < 100; i++)); do
	rm -rf "$tmp/changing" && cp -r "$tmp/in" "$tmp/changing"
	ended_by INT $((whole_run * (i % 5 + 1) / 6)) -q -j1 -B "$base" --embed --in-place "$tmp/changing"
	expect_nothing_left "$tmp/changing"
	if [[ $status == 0 ]]; then
		came_too late
		continue
	fi
	read_message 130
	if [[ ! $said ]]; then
		came_too early
		continue
	fi
	midst=$((midst + 1))
	replaced=0
	while read -r file; do
		if cmp -s "$tmp/new/$file" "$tmp/changing/$file"; then
			replaced=$((replaced + 1))
		else
			expect_same "$tmp/in/$file" "$tmp/changing/$file"
		fi
	done < <(files_of "$tmp/changing")
	expect_equal "modules replaced" "$said" "$replaced"
done
((midst == 4)) || fail "only $midst of $i came while it worked"

# -- The second signal, and one that is ignored --

# TSan keeps a signal back until the system call that waits for the command is over, so that with
# it the second does not come through.
second_signal()
{
	mkdir "$tmp/signed"
	(cat "$tree/standalone/extra/mod3.ko" && signature) > "$tmp/signed/mod.ko"
	cp "$tmp/signed/mod.ko" "$tmp/mod.ko"
	cp "$tree/standalone/extra/mod7.ko" "$tmp/signed/other.ko"
	# The worker waits for this command, and so the program with it.
	env --default-signal=INT,TERM "$BTFBATCH" -q -j1 -B "$base" --embed --in-place \
		--sign-cmd "echo \$\$ > $tmp/pid.part; mv $tmp/pid.part $tmp/pid; exec sleep 60; {}" \
		"$tmp/signed" 2> "$tmp/stderr" &
	pid=$!
	while [[ ! -e $tmp/pid ]]; do
		kill -0 "$pid" || fail "it ended: $(< "$tmp/stderr")"
		sleep 0.02
	done
	# Twice in a moment is once.
	kill -TERM "$pid"
	kill -TERM "$pid"
	sleep 0.5
	kill -0 "$pid" || fail "the first signal did not wait for the module"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	kill "$(< "$tmp/pid")"
	expect_status 143
	expect_same "$tmp/mod.ko" "$tmp/signed/mod.ko"
	run -q -B "$base" --embed --in-place --drop-signature "$tmp/signed"
	expect_status 0
	expect_nothing_left "$tmp/signed"
}
if [[ $SANITIZED != *thread* ]]; then
	second_signal
fi

rm -rf "$tmp/out"
status=0
timeout --preserve-status --signal=INT 0.05 env --ignore-signal=INT "$BTFBATCH" -q -j1 -B "$base" \
	-o "$tmp/out" "$tmp/in" 2> "$tmp/stderr" || status=$?
expect_status 0
expect_same_trees "$tmp/whole" "$tmp/out"
