#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# run.sh [--all] VMLINUZ MODULES: a real kernel's word on modules that btfbatch changed.
#
# VMLINUZ is the kernel, MODULES its unpacked tree (/lib/modules/VERSION of a Debian image
# package). $BTFBATCH embeds split BTF into the modules; then qemu boots VMLINUZ with
# them, and what the kernel says of them is compared with what is expected:
#
#   1. Each module that was inserted has exactly the blob in /sys/kernel/btf/NAME that
#      `btfbatch -o` wrote for it, and the kernel log has no complaint (verdict.awk
#      says what counts as one).
#   2. BPF programs that are attached to functions of modules, and read fields of types that
#      only these modules have (CO-RE), fire and read what they ought to.
#   3. BPF programs that call the modules' kfuncs load; before the modules are inserted
#      they do not.
#   4. Each of this can fail: boots with one fault put in are caught by the same verdict.
#
# Without --all the modules are those of modules.list, with what they depend on. With it,
# all of MODULES that the kernel will insert; a module that takes the machine down or hangs
# costs a reboot, which goes on behind it, and is listed. The last line on stdout is
# "N passed, N failed"; the status is 1 if any failed, 2 if the test cannot run.
#
# It is made of parts that can be called alone; all take VMLINUZ and a tree as above:
#
#   embed.sh VMLINUZ IN EMBEDDED BLOBS
#       what btfbatch is asked for: --embed -o EMBEDDED, and -o BLOBS, of the tree IN.
#   boot.sh [-a] [-o OUT] VMLINUZ MODULES EMBEDDED BLOBS [NAME...]
#       one verdict: inserts the modules NAME (-a: all; neither: modules.list) from
#       EMBEDDED, a tree like MODULES with .ko, .ko.gz, .ko.xz or .ko.zst files (what it does
#       not have comes from MODULES), compares with BLOBS, the same tree with
#       NAME.ko.btf files (what it does not have: with the module's own section). Prints a
#       line for each complaint; status 0 if there is none, 1 if there are some, 2 if
#       it cannot run. OUT keeps the log and results.tsv: name, errno, blob, boot.
#   insert.sh [-m MODULES] VMLINUZ DIR OUT.tsv
#       inserts each .ko below DIR (mutants, say, all of one module) on its own and removes
#       it again. OUT.tsv has a row for each, in the order of their paths:
#         file     relative to DIR
#         verdict  accepted  inserted, and its BTF is in /sys/kernel/btf
#                  rejected  the kernel does not take its BTF
#                  nobtf     inserted; the kernel saw no .BTF to judge
#                  refused   not inserted, for another reason than its BTF
#                  panic, hang
#         insert   finit_module's errno by its name, 0 for none
#         btf      the errno with which the kernel's parser of module BTF ended; 0; - where
#                  it was not called. (Debian's kernels insert a module whose BTF
#                  they reject, so `insert` alone says nothing.)
#         remove   delete_module's errno, - where it was not called
#         log      the kernel's lines meanwhile, without their times, joined by \n; a
#                  backslash or tab of theirs is written \\ or \t
#       What the modules depend on is taken from MODULES and inserted first.
#   verdict.awk  the verdict on a boot's log; lib.sh  staging, initramfs, qemu
#   guest/       what runs in the machine: a loader of modules, BPF programs and theirs
#
# Environment:
#   BTFBATCH      the program (run.sh, embed.sh)
#   BOOT_ACCEL    kvm or tcg; without it, kvm where that works
#   BOOT_MEMORY   of the machine, in MiB (1024; with all modules 4096)
#   BOOT_SILENCE  a machine that says nothing for so many seconds hangs (120)
#   BOOT_WORK     a directory to keep logs and images in; without it a temporary one
#
# Packages: qemu-system-x86, busybox-static, cpio, kmod, clang, libbpf-dev, libelf-dev,
# zlib1g-dev, binutils, xz-utils, zstd, gzip.
set -euo pipefail
exit 2
