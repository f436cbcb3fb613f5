#include "capture/merge_heap.h"

void merge_heap_init(struct merge_heap *h)
{
	h->files = g_ptr_array_new();
}

void merge_heap_clear(struct merge_heap *h)
{
	g_clear_pointer(&h->files, g_ptr_array_unref);
}

static struct merge_file *at(const struct merge_heap *h, size_t i)
{
	return i < h->files->len ? g_ptr_array_index(h->files, i) : NULL;
}

static void swap(struct merge_heap *h, size_t i, size_t j)
{
	gpointer file = h->files->pdata[i];
	h->files->pdata[i] = h->files->pdata[j];
	h->files->pdata[j] = file;
}

static size_t earlier_child(const struct merge_heap *h, size_t i)
{
	const struct merge_file *left = at(h, 2 * i + 1), *right = at(h, 2 * i + 2);
	return right && merge_file_is_before(right, left) ? 2 * i + 2 : 2 * i + 1;
}

void merge_heap_push(struct merge_heap *h, struct merge_file *f)
{
	size_t i = h->files->len;
	g_ptr_array_add(h->files, f);
	for (; i > 0 && merge_file_is_before(f, at(h, (i - 1) / 2)); i = (i - 1) / 2)
		swap(h, i, (i - 1) / 2);
}

struct merge_file *merge_heap_top(const struct merge_heap *h)
{
	return at(h, 0);
}

const struct merge_file *merge_heap_second(const struct merge_heap *h)
{
	return at(h, earlier_child(h, 0));
}

void merge_heap_sift_top(struct merge_heap *h)
{
	const struct merge_file *child;
	for (size_t i = 0, next; (child = at(h, next = earlier_child(h, i))); i = next) {
		if (!merge_file_is_before(child, at(h, i)))
			return;
		swap(h, i, next);
	}
}

void merge_heap_pop(struct merge_heap *h)
{
	g_ptr_array_remove_index_fast(h->files, 0);
	merge_heap_sift_top(h);
}
