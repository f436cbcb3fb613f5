/* How hangup ends, for scripts: the whole list. When several apply, INPUT wins over LOSS, LOSS over FOUND:
 * what was not read or not captured cannot be called clean. */
#ifndef CLI_EXIT_STATUS_H
#define CLI_EXIT_STATUS_H

enum exit_status {
	EXIT_DONE = 0,  /* done */
	EXIT_FOUND = 1, /* done, and an abnormal ending was found that --fail-on names */
	EXIT_USAGE = 2, /* the command line, a filter or a threshold makes no sense */
	EXIT_INPUT = 3, /* the input could not be read (or only in part, with --strict), or the result not written */
	EXIT_LOSS = 4,  /* the capture lost more than --max-loss allows */
};

/* The graver of two; for MAX() would call twice what gives them. */
static inline enum exit_status exit_graver(enum exit_status one, enum exit_status other)
{
	return one > other ? one : other;
}

#endif
