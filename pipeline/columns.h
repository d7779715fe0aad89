/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines in aligned columns for people: cells to the right, and at the end a text of any
 * length (a path), which so pushes nothing aside.
 */
#ifndef PIPELINE_COLUMNS_H
#define PIPELINE_COLUMNS_H

#include <stdio.h>

#include "pipeline/human.h"

#define COLUMNS_MAX 6

struct columns {
	int nr;
	int width[COLUMNS_MAX]; /* 0 at first */
};

struct columns_line {
	char cell[COLUMNS_MAX][HUMAN_LEN];
};

/* Makes room for @line; to be called with each before the first is put. */
void columns_widen(struct columns *c, const struct columns_line *line);

/* Prints the cells, two blanks in front of each and behind the last: the caller goes on with
 * the text. */
void columns_put(const struct columns *c, const struct columns_line *line, FILE *f);

#endif
