// SPDX-License-Identifier: GPL-2.0-only
/* A congestion control that leaves all to tcp_bbr's kfuncs. */
#include "tcp.h"

char _license[] SEC("license") = "GPL";

void bbr_init(struct sock *sk) __ksym;
void bbr_main(struct sock *sk, const struct rate_sample *sample) __ksym;
__u32 bbr_sndbuf_expand(struct sock *sk) __ksym;
__u32 bbr_undo_cwnd(struct sock *sk) __ksym;
void bbr_cwnd_event(struct sock *sk, enum tcp_ca_event event) __ksym;
__u32 bbr_ssthresh(struct sock *sk) __ksym;
__u32 bbr_min_tso_segs(struct sock *sk) __ksym;
void bbr_set_state(struct sock *sk, __u8 state) __ksym;

SEC("struct_ops/own_init")
void BPF_PROG(own_init, struct sock *sk)
{
	bbr_init(sk);
}

SEC("struct_ops/own_control")
void BPF_PROG(own_control, struct sock *sk, const struct rate_sample *sample)
{
	bbr_main(sk, sample);
}

SEC("struct_ops/own_sndbuf")
__u32 BPF_PROG(own_sndbuf, struct sock *sk)
{
	return bbr_sndbuf_expand(sk);
}

SEC("struct_ops/own_undo")
__u32 BPF_PROG(own_undo, struct sock *sk)
{
	return bbr_undo_cwnd(sk);
}

SEC("struct_ops/own_event")
void BPF_PROG(own_event, struct sock *sk, enum tcp_ca_event event)
{
	bbr_cwnd_event(sk, event);
}

SEC("struct_ops/own_ssthresh")
__u32 BPF_PROG(own_ssthresh, struct sock *sk)
{
	return bbr_ssthresh(sk);
}

SEC("struct_ops/own_tso")
__u32 BPF_PROG(own_tso, struct sock *sk)
{
	return bbr_min_tso_segs(sk);
}

SEC("struct_ops/own_state")
void BPF_PROG(own_state, struct sock *sk, __u8 state)
{
	bbr_set_state(sk, state);
}

SEC(".struct_ops")
struct tcp_congestion_ops own_bbr = {
	.ssthresh = (void *)own_ssthresh,
	.set_state = (void *)own_state,
	.cwnd_event = (void *)own_event,
	.min_tso_segs = (void *)own_tso,
	.cong_control = (void *)own_control,
	.undo_cwnd = (void *)own_undo,
	.sndbuf_expand = (void *)own_sndbuf,
	.name = "own_bbr",
	.init = (void *)own_init,
};
