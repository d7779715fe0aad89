/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs that are a TCP congestion control need (struct_ops). libbpf holds it against the
 * kernel's own struct by the members' names. */
#ifndef GUEST_TCP_H
#define GUEST_TCP_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* libbpf compares the kfuncs' prototypes with the module's, where these are no declarations. */
struct sock {
	unsigned int sk_mark;
} __attribute__((preserve_access_index));

struct rate_sample {
	int losses;
} __attribute__((preserve_access_index));

enum tcp_ca_event { CA_EVENT_ANY };

struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	void (*set_state)(struct sock *sk, __u8 state);
	void (*cwnd_event)(struct sock *sk, enum tcp_ca_event event);
	void (*in_ack_event)(struct sock *sk, __u32 flags);
	__u32 (*min_tso_segs)(struct sock *sk);
	void (*cong_control)(struct sock *sk, const struct rate_sample *sample);
	__u32 (*undo_cwnd)(struct sock *sk);
	__u32 (*sndbuf_expand)(struct sock *sk);
	char name[16];
	void (*init)(struct sock *sk);
};

#endif
