#include "capture/filter.h"

#include <pcap/pcap.h>

#include "capture/decode.h"
#include "capture/dlt.h"
#include "capture/source.h"

/* A program for one link type. Captures hold one or two link types, so a list is searched. */
struct program {
	uint16_t linktype;
	struct bpf_program code;
};

struct filter {
	char *expression;
	GPtrArray *programs; /* struct program, owned */
};

/* Programs never read past a packet, so the snap length they are told is only a return value. */
enum { PROGRAM_SNAPLEN = 262144 };

static void program_free(gpointer data)
{
	struct program *p = data;
	pcap_freecode(&p->code);
	g_free(p);
}

struct filter *filter_new(const char *expression)
{
	struct filter *f = g_new0(struct filter, 1);
	f->expression = g_strdup(expression);
	f->programs = g_ptr_array_new_with_free_func(program_free);
	return f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	g_ptr_array_unref(f->programs);
	g_free(f->expression);
	g_free(f);
}

static struct program *find_program(const struct filter *f, uint16_t linktype)
{
	for (guint i = 0; i < f->programs->len; i++) {
		struct program *p = g_ptr_array_index(f->programs, i);
		if (p->linktype == linktype)
			return p;
	}
	return NULL;
}

static void set_error(const struct filter *f, uint16_t linktype, const char *why, GError **error)
{
	const char *name = decode_linktype_name(linktype);
	g_autofree char *number = g_strdup_printf("link type %u", linktype);
	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_FILTER, "the filter \"%s\" does not work for %s frames: %s",
	            f->expression, name ? name : number, why);
}

static struct program *compile(struct filter *f, uint16_t linktype, GError **error)
{
	pcap_t *dead = pcap_open_dead(dlt_of_linktype(linktype), PROGRAM_SNAPLEN);
	struct program *p = g_new0(struct program, 1);
	p->linktype = linktype;
	if (!dead || pcap_compile(dead, &p->code, f->expression, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		set_error(f, linktype, dead ? pcap_geterr(dead) : "out of memory", error);
		g_clear_pointer(&p, g_free);
	} else {
		g_ptr_array_add(f->programs, p);
	}
	g_clear_pointer(&dead, pcap_close);
	return p;
}

gboolean filter_compile(struct filter *f, uint16_t linktype, GError **error)
{
	return find_program(f, linktype) != NULL || compile(f, linktype, error) != NULL;
}

bool filter_match(struct filter *f, const struct frame *frame, GError **error)
{
	struct program *p = find_program(f, frame->linktype);
	if (!p)
		p = compile(f, frame->linktype, error);
	const struct pcap_pkthdr header = { .caplen = frame->bytes_len, .len = frame->wire_len };
	return p && pcap_offline_filter(&p->code, &header, frame->bytes) != 0;
}
