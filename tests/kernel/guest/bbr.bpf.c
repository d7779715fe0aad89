// SPDX-License-Identifier: GPL-2.0-only
/* CO-RE over bit fields of a struct that only the module tcp_bbr has. */
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char _license[] SEC("license") = "GPL";

struct sock;

struct inet_connection_sock {
	unsigned long long icsk_ca_priv[13];
} __attribute__((preserve_access_index));

/* The widths are the module's; where they stand is not. */
struct bbr {
	unsigned int cwnd_gain : 10;
	unsigned int mode : 3;
	unsigned int pacing_gain : 10;
} __attribute__((preserve_access_index));

int fired, pacing_gain, cwnd_gain, mode;

SEC("fexit/bbr_init")
int BPF_PROG(initialised, struct sock *sock)
{
	struct bbr *bbr =
		(void *)sock + bpf_core_field_offset(struct inet_connection_sock, icsk_ca_priv);

	fired++;
	mode = BPF_CORE_READ_BITFIELD_PROBED(bbr, mode);
	pacing_gain = BPF_CORE_READ_BITFIELD_PROBED(bbr, pacing_gain);
	cwnd_gain = BPF_CORE_READ_BITFIELD_PROBED(bbr, cwnd_gain);
	return 0;
}
