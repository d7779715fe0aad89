// SPDX-License-Identifier: GPL-2.0-only
/* A congestion control that leaves what it can to tcp_dctcp's kfuncs. */
#include "tcp.h"

char _license[] SEC("license") = "GPL";

void dctcp_init(struct sock *sk) __ksym;
void dctcp_update_alpha(struct sock *sk, __u32 flags) __ksym;
void dctcp_cwnd_event(struct sock *sk, enum tcp_ca_event event) __ksym;
__u32 dctcp_ssthresh(struct sock *sk) __ksym;
__u32 dctcp_cwnd_undo(struct sock *sk) __ksym;
void dctcp_state(struct sock *sk, __u8 state) __ksym;

SEC("struct_ops/own_init")
void BPF_PROG(own_init, struct sock *sk)
{
	dctcp_init(sk);
}

SEC("struct_ops/own_ack")
void BPF_PROG(own_ack, struct sock *sk, __u32 flags)
{
	dctcp_update_alpha(sk, flags);
}

SEC("struct_ops/own_event")
void BPF_PROG(own_event, struct sock *sk, enum tcp_ca_event event)
{
	dctcp_cwnd_event(sk, event);
}

SEC("struct_ops/own_ssthresh")
__u32 BPF_PROG(own_ssthresh, struct sock *sk)
{
	return dctcp_ssthresh(sk);
}

SEC("struct_ops/own_undo")
__u32 BPF_PROG(own_undo, struct sock *sk)
{
	return dctcp_cwnd_undo(sk);
}

SEC("struct_ops/own_state")
void BPF_PROG(own_state, struct sock *sk, __u8 state)
{
	dctcp_state(sk, state);
}

SEC(".struct_ops")
struct tcp_congestion_ops own_dctcp = {
	.ssthresh = (void *)own_ssthresh,
	.set_state = (void *)own_state,
	.cwnd_event = (void *)own_event,
	.in_ack_event = (void *)own_ack,
	.undo_cwnd = (void *)own_undo,
	.name = "own_dctcp",
	.init = (void *)own_init,
};
