// SPDX-License-Identifier: GPL-2.0-only
/*
 * CO-RE over a struct that only the module loop has. Its members stand here in another order
 * than the module's, and with a gap: where nothing is relocated, wrong ones are read.
 */
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char _license[] SEC("license") = "GPL";

struct loop_info64;

struct loop_device {
	long long lo_sizelimit;
	char gap[40];
	int lo_number;
	char lo_file_name[64];
	long long lo_offset;
} __attribute__((preserve_access_index));

int fired, number;
long long offset, limit;
char name[64];

SEC("fentry/loop_get_status")
int BPF_PROG(status_asked, struct loop_device *device, struct loop_info64 *info)
{
	fired++;
	number = device->lo_number;
	offset = device->lo_offset;
	limit = device->lo_sizelimit;
	bpf_probe_read_kernel_str(name, sizeof(name), device->lo_file_name);
	return 0;
}
