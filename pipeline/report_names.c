// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/report.h"

#include <stddef.h>

/* No default in either switch: the compiler says when an enum grows. */

const char *report_status_name(enum row_status status)
{
	switch (status) {
	case ROW_OK:
		return "ok";
	case ROW_NO_BTF:
		return "no-btf";
	case ROW_FAILED:
		return "failed";
	}
	return "unknown";
}

const char *report_file_name(enum row_file file)
{
	switch (file) {
	case ROW_FILE_NONE:
		break;
	case ROW_FILE_WRITTEN:
		return "written";
	case ROW_FILE_TO_WRITE:
		return "to-write";
	case ROW_FILE_SAME:
		return "unchanged";
	}
	return NULL;
}

const char *report_form_name(enum btf_form form)
{
	switch (form) {
	case BTF_FORM_STANDALONE:
		return "standalone";
	case BTF_FORM_SPLIT:
		return "split";
	}
	return "unknown";
}
