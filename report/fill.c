#include "report/fill.h"

#include <string.h>

#include "report/blank.h"
#include "report/condition.h"
#include "report/role.h"
#include "rules/host/text.h"

static const struct {
	const char *name;
	blank_fn put;
} blanks[] = {
#define BLANK(blank_name, function) {blank_name, function},
#include "report/blank.def"
#undef BLANK
};

static blank_fn find_blank(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blanks); i++) {
		if (strlen(blanks[i].name) == len && memcmp(blanks[i].name, name, len) == 0)
			return blanks[i].put;
	}
	return NULL;
}

static bool ends_with(const char *name, size_t *len, const char *end)
{
	const size_t end_len = strlen(end);

	if (*len <= end_len || memcmp(name + *len - end_len, end, end_len) != 0)
		return false;
	*len -= end_len;
	return true;
}

static bool put_role(GString *out, const struct hangup_case *c, const char *name, size_t len)
{
	const bool address = ends_with(name, &len, "-ip");
	enum hangup_side side;

	if (!role_find(c, name, len, &side))
		return false;
	if (address)
		text_append_address(out, c->facts->end[side].address);
	else
		g_string_append(out, side == HANGUP_CLIENT ? "the client" : "the server");
	return true;
}

static bool put(GString *out, const struct hangup_case *c, const char *name, size_t len)
{
	const blank_fn blank = find_blank(name, len);

	if (ends_with(name, &len, "?"))
		return condition_holds(c, name, len);
	return blank ? blank(out, c) : put_role(out, c, name, len);
}

bool fill_template(GString *out, const char *template, const struct hangup_case *c)
{
	const gsize start = out->len;

	while (*template) {
		const size_t plain = strcspn(template, "{");

		g_string_append_len(out, template, (gssize)plain);
		template += plain;
		if (!*template)
			break;
		const size_t name_len = strcspn(++template, "}");
		if (!put(out, c, template, name_len)) {
			g_string_truncate(out, start);
			return false;
		}
		template += name_len + 1;
	}
	return true;
}

static bool is_known(const char *name, size_t len)
{
	if (ends_with(name, &len, "?"))
		return condition_exists(name, len);
	if (find_blank(name, len))
		return true;
	ends_with(name, &len, "-ip");
	return role_exists(name, len);
}

bool fill_knows_all(const char *template)
{
	while ((template = strchr(template, '{'))) {
		const size_t name_len = strcspn(++template, "}");

		if (template[name_len] != '}' || !is_known(template, name_len))
			return false;
		template += name_len + 1;
	}
	return true;
}
