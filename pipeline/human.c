// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/human.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

char *human_size(char buf[HUMAN_LEN], uint64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	uint64_t unit = 1024, tenths;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(buf, HUMAN_LEN, "%" PRIu64 " B", bytes);
		return buf;
	}
	for (;;) {
		/* The remainder is below 2^60: ten of it fit. */
		tenths = bytes / unit * 10 + (bytes % unit * 10 + unit / 2) / unit;
		/* Rounding can reach the next unit: 1023.95 KiB is 1.0 MiB. */
		if (tenths < 10240 || i + 1 == ARRAY_SIZE(units))
			break;
		unit *= 1024;
		i++;
	}
	snprintf(buf, HUMAN_LEN, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10, units[i]);
	return buf;
}

char *human_count(char buf[HUMAN_LEN], uint64_t count)
{
	char digits[HUMAN_LEN];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, count), out = 0;

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf[out++] = ',';
		buf[out++] = digits[i];
	}
	buf[out] = '\0';
	return buf;
}

char *human_factor(char buf[HUMAN_LEN], uint64_t whole, uint64_t part)
{
	double factor = part ? (double)whole / (double)part : 0;

	if (!part)
		strcpy(buf, "-");
	else if (factor < 99.95)
		snprintf(buf, HUMAN_LEN, "%.1fx", factor);
	else
		strcat(human_count(buf, whole / part + (whole % part >= part - part / 2)), "x");
	return buf;
}

char *human_change(char buf[HUMAN_LEN], uint64_t old, uint64_t now)
{
	char size[HUMAN_LEN];

	human_size(size, now < old ? old - now : now - old);
	snprintf(buf, HUMAN_LEN, "%c%.*s", now < old ? '-' : '+', HUMAN_LEN - 2, size);
	return buf;
}

char *human_percent(char buf[HUMAN_LEN], uint64_t old, uint64_t now)
{
	char sign = now < old ? '-' : '+';
	double percent = old ? 100 * (double)(now < old ? old - now : now - old) / (double)old : 0;

	if (!old)
		strcpy(buf, "-");
	else
		snprintf(buf, HUMAN_LEN, "%c%.*f%%", sign, percent < 999.95 ? 1 : 0, percent);
	return buf;
}
