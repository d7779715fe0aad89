/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One page that shows reports to people: a file that opens offline in any browser.
 *
 * The page is page.html with page.css, js/ and d3-hierarchy in it (bundle.cmake), and behind
 * that the JSON documents which the commands write anyway, each as a data block that
 * js/main.js finds by "data-" and its id and reads by its schema. So what a page shows is what
 * --json says, and there is one contract, docs/report.md.
 */
#ifndef PIPELINE_HTML_HTML_H
#define PIPELINE_HTML_HTML_H

#include <stdio.h>

#include "pipeline/print_to.h"

/* One JSON document: @print prints @what. */
struct html_part {
	const char *id; /* "report", "causes", "diff": what the page looks for */
	print_fn print;
	const void *what;
};

struct html_page {
	const struct html_part *parts;
	int nr_parts;
};

/*
 * Prints the struct html_page @page to @f: a print_fn itself. Nothing that a document says can end
 * its data block, and memory does not grow with it. 0, or the negative errno of the first
 * part that failed or of the write.
 */
int html_print(const void *page, FILE *f) __attribute__((warn_unused_result));

#endif
