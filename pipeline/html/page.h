/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page around the data, which bundle.cmake makes into page.c.
 */
#ifndef PIPELINE_HTML_PAGE_H
#define PIPELINE_HTML_PAGE_H

#include <stddef.h>

extern const unsigned char html_page_head[];
extern const size_t html_page_head_len;
extern const unsigned char html_page_tail[];
extern const size_t html_page_tail_len;

#endif
