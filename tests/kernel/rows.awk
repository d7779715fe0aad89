# SPDX-License-Identifier: GPL-2.0-only
# awk -v first=N -f rows.awk FILES LOG: the rows of insert.sh's table. The plan's lines from N on
# are of the files whose names stand in FILES.

function verdict(errno, btf, blob) {
	if (errno != "0")
		return btf != "0" && btf != "-" ? "rejected" : "refused"
	if (blob == "same")
		return "accepted"
	if (blob == "absent" || blob == "none")
		return btf == "-" ? "nobtf" : "rejected"
	# Not what the file has: no verdict on that.
	return blob
}

function row(what, errno, btf, removed) {
	if (at >= first)
		print file[at - first + 1] "\t" what "\t" errno "\t" btf "\t" removed "\t" said
	at = 0
}

BEGIN { print "file\tverdict\tinsert\tbtf\tremove\tlog" }

FNR == NR { file[FNR] = $0; next }

{
	sub(/\r$/, "")
	sub(/^\[ *[0-9]+\.[0-9]+\] /, "")
}

sub(/^btfbatch: /, "") {
	if ($1 == "insert") {
		at = $2 + 0
		said = ""
	} else if ($1 == "module")
		row(verdict($4, $5, $6), $4, $5, $7)
	else if ($1 == "machine" && at)
		row($2, "-", "-", "-")
	else if ($1 == "machine")
		print "the machine ended (" $2 ") behind " $4 >"/dev/stderr"
	next
}

at {
	gsub(/\\/, "\\\\")
	gsub(/\t/, "\\t")
	said = said (said == "" ? "" : "\\n") $0
}
