/* Anybody's text in Markdown, made inert: it stays in its paragraph or cell, is no markup, and links to nobody.
 *
 * A backslash keeps a character from being markup, but GitHub and GitLab look for @names, #numbers and addresses in what
 * is left; a code span stops that. So a text has those characters in code spans of their own, and names of files, hosts
 * and commands are code spans as a whole. Characters that are not plain come out visible, as in report/escape.h. */
#ifndef REPORT_MARKDOWN_TEXT_H
#define REPORT_MARKDOWN_TEXT_H

#include <stdbool.h>

#include <glib.h>

enum {
	MARKDOWN_CODE_MAX = 300,  /* bytes of a name or command that are shown */
	MARKDOWN_TEXT_MAX = 1000, /* of words */
};

/* Appends words, in a paragraph or a cell. Cut when they are longer than MARKDOWN_TEXT_MAX. */
void markdown_text_append(GString *out, const char *text);
/* The same with its first letter a capital. */
void markdown_sentence_append(GString *out, const char *text);
/* Appends a code span. in_cell: of a table, where a vertical bar would end the cell even there. Cut when it is longer than
 * MARKDOWN_CODE_MAX. */
void markdown_code_append(GString *out, const char *text, bool in_cell);
/* Appends a block of code that stands by itself, with its empty lines; for commands, which are not cut. */
void markdown_block_append(GString *out, const char *language, const char *text);

#endif
