// SPDX-License-Identifier: GPL-2.0-only
/* trace NAME...: attaches each program (trace.h) and tells what it saw. */
#include "trace.h"

#include "say.h"
#include "say_libbpf.h"

#include <string.h>

int main(int argc, char **argv)
{
	libbpf_set_print(say_libbpf);
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "loop"))
			trace_loop();
		else if (!strcmp(argv[i], "bbr"))
			trace_bbr();
		else
			say("fault trace: no %s", argv[i]);
	}
	return 0;
}
