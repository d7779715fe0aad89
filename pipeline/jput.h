/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing JSON piece by piece: the frame is printed by hand, each value in it made, dumped
 * and freed by jansson, so that memory does not grow with the modules.
 */
#ifndef PIPELINE_JPUT_H
#define PIPELINE_JPUT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* Adds a member. An object that lacks one for want of memory is none: NULL, as @value may be. */
void jput(json_t **object, const char *key, json_t *value);

/* The same for an array. */
void jput_push(json_t **array, json_t *value);

/* Bytes, escaped as pipeline/escape.h says. */
json_t *jput_text(const char *bytes);
json_t *jput_hex64(uint64_t value);

/* Dumps and frees @value; NULL stands for one that could not be made. 0 or a negative errno. */
int jput_dump(json_t *value, FILE *f) __attribute__((warn_unused_result));

/* "  "KEY": VALUE" and @after. */
int jput_dump_member(const char *key, json_t *value, const char *after, FILE *f)
	__attribute__((warn_unused_result));

/* An array with a line for each of @nr elements; @json makes one of element @i of @array. */
int jput_dump_array(const void *array, uint32_t nr, json_t *json(const void *array, uint32_t i),
		    const char *indent, FILE *f) __attribute__((warn_unused_result));

#endif
