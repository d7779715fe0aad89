#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SIGKILL at moments all over a run: of a blob or a module nothing half-written is under its
# name, and what is left behind is gone after the next run.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

kills=200
if [[ $SANITIZED ]]; then
	kills=30
fi

# -- Modules in their places --

mkdir "$tmp/old"
cp -r "$tree/standalone" "$tmp/old"
cp -r "$tree/xz/extra" "$tmp/old/xz"
cp -r "$tree/zst/extra" "$tmp/old/zst"
# Some are signed, which takes a file beside the module and a command.
for module in "$tmp"/old/standalone/extra/*.ko; do
	signature >> "$module"
done
sign=(--sign-cmd "printf 'signature\0\0\2\0\0\0\0\0\0\0\0\011~Module signature appended~\n' >> {}")
cp -r "$tmp/old" "$tmp/new"
run -q -j2 -B "$base" --embed --in-place "${sign[@]}" "$tmp/new"
expect_status 0
expect_nothing_left "$tmp/new"

sums() # DIR
{
	(cd "$1" && find . -name '*.ko*' ! -name '.*' -type f -exec md5sum {} + | sort)
}
sums "$tmp/old" > "$tmp/old.sums"
sums "$tmp/new" > "$tmp/new.sums"
expect_equal "modules that --embed changes" "" "$(comm -12 "$tmp/old.sums" "$tmp/new.sums")"

embed()
{
	run -q -j2 -B "$base" --embed --in-place "${sign[@]}" "$tmp/in"
}

# After a kill: each module is the old one or the new one, and $new says how many are new.
expect_whole() # WHEN
{
	local broken

	sums "$tmp/in" > "$tmp/sums"
	broken=$(comm -23 "$tmp/sums" <(sort "$tmp/old.sums" "$tmp/new.sums"))
	[[ -z $broken ]] || fail "killed $1, neither old nor new: $broken"
	expect_equal "modules, killed $1" "$(wc -l < "$tmp/old.sums")" "$(wc -l < "$tmp/sums")"
	new=$(comm -12 "$tmp/sums" "$tmp/new.sums" | wc -l)
}

expect_next_run_ends_it() # WHEN
{
	embed
	expect_status 0
	expect_equal "the run after one killed $1" "$(< "$tmp/new.sums")" "$(sums "$tmp/in")"
	expect_nothing_left "$tmp/in"
}

# At each call that changes a file: in all states that a kill can leave.
left=0
for ((call = 1; ; call++)); do
	rm -rf "$tmp/in" && cp -r "$tmp/old" "$tmp/in"
	killed_at "$call" -q -j1 -B "$base" --embed --in-place "${sign[@]}" "$tmp/in"
	expect_whole "at call $call"
	((status == 137)) || break
	left=$((left + $(find "$tmp/in" -name '.*.btfbatch' | wc -l)))
	expect_next_run_ends_it "at call $call"
done
expect_status 0
echo "killed at each of $((call - 1)) calls: $left files left behind"
((left > new)) || fail "$left files left behind in making $new modules"

# At any moment, between two threads.
rm -rf "$tmp/in" && cp -r "$tmp/old" "$tmp/in"
whole_run=$(duration embed)
in_between=0
killed=0
for ((i = 0; (killed < kills || in_between * 4 <= kills) && i < 5 * kills; i++)); do
	rm -rf "$tmp/in" && cp -r "$tmp/old" "$tmp/in"
	after=$((whole_run * (i * 37 % kills) / kills + RANDOM % 500 + 1))
	ended_by KILL "$after" -q -j2 -B "$base" --embed --in-place "${sign[@]}" "$tmp/in"
	[[ $status == 137 || $status == 0 ]] || fail "status $status: $(< "$tmp/stderr")"
	killed=$((killed + (status == 137)))
	expect_whole "after $after us"
	if ((status == 0)); then
		came_too late
	elif ((new == 0)); then
		came_too early
	elif ((new < $(wc -l < "$tmp/new.sums"))); then
		in_between=$((in_between + 1))
	fi
	expect_next_run_ends_it "after $after us"
done
echo "$killed of $i killed in $whole_run us: $in_between with some modules done"
((killed >= kills)) || fail "only $killed runs of $i were killed"
((in_between * 4 > kills)) || fail "only $in_between kills of $killed were in the midst of it"

# -- Blobs --

run -q -B "$base" -o "$tmp/whole" "$tmp/old"
kills=$((kills / 4))
report()
{
	run -q -j2 -B "$base" -o "$tmp/out" --json "$tmp/out/report" "$tmp/old"
}
whole_run=$(duration report)
cp "$tmp/out/report" "$tmp/whole"
left=0
for ((call = 1; ; call++)); do
	rm -rf "$tmp/out"
	killed_at "$call" -q -j1 -B "$base" -o "$tmp/out" --json "$tmp/out/report" "$tmp/old"
	((status == 137)) || break
	left=$((left + $(find "$tmp/out" -name '.*.btfbatch' -printf '%f\n' -delete | wc -l)))
	expect_part_of "$tmp/out" "$tmp/whole"
done
expect_status 0
expect_same_trees "$tmp/whole" "$tmp/out"
blobs=$(files_of "$tmp/out" | wc -l)
echo "killed at each of $((call - 1)) calls: $left files left behind"
((left > blobs)) || fail "$left files left behind in making $blobs files"
for ((i = 0; i < kills; i++)); do
	rm -rf "$tmp/out"
	ended_by KILL $((whole_run * i / kills + 1)) \
		-q -j2 -B "$base" -o "$tmp/out" --json "$tmp/out/report" "$tmp/old"
	[[ $status == 137 || $status == 0 ]] || fail "status $status: $(< "$tmp/stderr")"
	[[ ! -d $tmp/out ]] || find "$tmp/out" -name '.*.btfbatch' -delete
	expect_part_of "$tmp/out" "$tmp/whole"
done
report
expect_status 0
expect_same_trees "$tmp/whole" "$tmp/out"
