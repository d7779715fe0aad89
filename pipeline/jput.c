// SPDX-License-Identifier: GPL-2.0-only
#include "pipeline/jput.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "pipeline/escape.h"
#include "pipeline/stream.h"

int jput_dump(json_t *value, FILE *f)
{
	int err;

	if (!value)
		return -ENOMEM;
	/* If no write failed, jansson had no memory for its own work. */
	err = json_dumpf(value, f, JSON_ENCODE_ANY) ? -ENOMEM : 0;
	if (ferror(f))
		err = stream_status(f);
	json_decref(value);
	return err;
}

int jput_dump_member(const char *key, json_t *value, const char *after, FILE *f)
{
	int err;

	fprintf(f, "  \"%s\": ", key);
	err = jput_dump(value, f);
	fputs(after, f);
	return err;
}

json_t *jput_text(const char *bytes)
{
	char *text = escape_utf8(bytes);
	json_t *string = text ? json_string(text) : NULL;

	free(text);
	return string;
}

json_t *jput_hex64(uint64_t value)
{
	char hex[17];

	snprintf(hex, sizeof(hex), "%016" PRIx64, value);
	return json_string(hex);
}

void jput(json_t **object, const char *key, json_t *value)
{
	/* Takes @value in any case, and takes NULL for a failure. */
	if (!json_object_set_new(*object, key, value))
		return;
	json_decref(*object);
	*object = NULL;
}

void jput_push(json_t **array, json_t *value)
{
	if (!json_array_append_new(*array, value))
		return;
	json_decref(*array);
	*array = NULL;
}

int jput_dump_array(const void *array, uint32_t nr, json_t *json(const void *, uint32_t),
		    const char *indent, FILE *f)
{
	int err;

	fputc('[', f);
	for (uint32_t i = 0; i < nr; i++) {
		fprintf(f, "%s\n%s  ", i ? "," : "", indent);
		err = jput_dump(json(array, i), f);
		if (err)
			return err;
	}
	if (nr)
		fprintf(f, "\n%s", indent);
	fputc(']', f);
	return 0;
}
