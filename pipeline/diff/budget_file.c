// SPDX-License-Identifier: GPL-2.0-only
/* A line is "PATTERN LIMIT..."; what is behind a # at a word's beginning is a comment. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/buffer.h"
#include "pipeline/diff/budget.h"
#include "pipeline/input_file.h"

#define BUDGETS_FILE_MAX (1u << 20)
#define BLANKS " \t\r"

/* The next word of the line at *@rest, terminated there; NULL: the line is at its end. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, BLANKS);

	if (!*word || *word == '#')
		return NULL;
	*rest = word + strcspn(word, BLANKS);
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

static int add_limits(struct budget_rule *rule, char *rest, const char *where, struct diag *diag)
{
	char *word = next_word(&rest);
	int err = 0;

	if (!word)
		return diag_fail(diag, -EINVAL, "no limit behind '%.80s'",
				 rule->pattern ? rule->pattern : "total");
	if (!strcmp(word, "none")) {
		word = next_word(&rest);
		return word ? diag_fail(diag, -EINVAL, "a limit behind 'none'") : 0;
	}
	for (; word && !err; word = next_word(&rest))
		err = budget_add(rule, word, where, diag);
	return err;
}

static int add_rule(struct budgets *b, char *word, char *rest, const char *where, struct diag *diag)
{
	struct budget_rule *rules = realloc(b->rules, (b->nr_rules + 1) * sizeof(*rules));
	struct budget_rule *rule;

	if (!rules)
		return diag_fail(diag, -ENOMEM, "out of memory");
	b->rules = rules;
	rule = &rules[b->nr_rules++];
	*rule = (struct budget_rule){0};
	if (strcmp(word, "total")) {
		rule->pattern = strdup(word);
		if (!rule->pattern)
			return diag_fail(diag, -ENOMEM, "out of memory");
	}
	return add_limits(rule, rest, where, diag);
}

static int read_line(struct budgets *b, char *line, const char *path, unsigned int number,
		     struct diag *diag)
{
	char *word = next_word(&line), *where;
	struct diag why;
	int err;

	if (!word)
		return 0;
	if (asprintf(&where, "%s:%u", path, number) < 0)
		return diag_fail(diag, -ENOMEM, "out of memory");
	err = add_rule(b, word, line, where, &why);
	free(where);
	return err ? diag_fail(diag, err, "line %u: %.200s", number, why.text) : 0;
}

static int read_lines(struct budgets *b, char *text, const char *path, struct diag *diag)
{
	unsigned int number = 1;
	int err = 0;

	while (text && !err) {
		char *line = strsep(&text, "\n");

		err = read_line(b, line, path, number++, diag);
	}
	return err;
}

static int read_text(struct buffer *text, const char *path, struct diag *diag)
{
	int err = input_read_file(AT_FDCWD, path, BUDGETS_FILE_MAX, text, diag);

	if (!err && memchr(text->data, '\0', text->len))
		err = diag_fail(diag, -EINVAL, "not a text file");
	if (!err && buffer_reserve(text, text->len + 1))
		err = diag_fail(diag, -ENOMEM, "out of memory");
	if (!err)
		text->data[text->len] = '\0';
	return err;
}

int budgets_read(struct budgets *budgets, const char *path, struct diag *diag)
{
	struct buffer text = {0};
	int err = read_text(&text, path, diag);

	if (!err)
		err = read_lines(budgets, (char *)text.data, path, diag);
	buffer_free(&text);
	return err;
}

static void rule_free(struct budget_rule *rule)
{
	free(rule->pattern);
	for (unsigned int i = 0; i < rule->nr_limits; i++) {
		free(rule->limits[i].text);
		free(rule->limits[i].where);
	}
}

void budgets_free(struct budgets *b)
{
	rule_free(&b->total);
	rule_free(&b->module);
	for (size_t i = 0; i < b->nr_rules; i++)
		rule_free(&b->rules[i]);
	free(b->rules);
}
