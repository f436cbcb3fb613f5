/* To be preloaded: as if the system's clock had been set while hangup runs. As long as the file that SET_CLOCK_FILE names
 * is there, the clock and the stamps of packets are off by the seconds that it holds. The real clock is everybody's. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include <pcap/pcap.h>

static long shift_s(void)
{
	const char *path = getenv("SET_CLOCK_FILE");
	FILE *file = path ? fopen(path, "r") : NULL;
	long seconds = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%ld", &seconds) != 1)
		seconds = 0;
	fclose(file);
	return seconds;
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t which, struct timespec *out)
{
	static int (*real)(clockid_t, struct timespec *);
	int result;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	result = real(which, out);
	if (which == CLOCK_REALTIME)
		out->tv_sec += shift_s();
	return result;
}

__attribute__((visibility("default"))) int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	static int (*real)(struct timeval *, void *);
	int result;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "gettimeofday");
	result = real(out, zone);
	out->tv_sec += shift_s();
	return result;
}

struct shifted {
	pcap_handler callback;
	u_char *user;
	long seconds;
};

static void hand_on(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	const struct shifted *s = (const struct shifted *)(void *)user;
	struct pcap_pkthdr moved = *header;

	moved.ts.tv_sec += s->seconds;
	s->callback(s->user, &moved, bytes);
}

__attribute__((visibility("default"))) int pcap_dispatch(pcap_t *p, int count, pcap_handler callback, u_char *user)
{
	static int (*real)(pcap_t *, int, pcap_handler, u_char *);
	struct shifted s = {.callback = callback, .user = user, .seconds = shift_s()};

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pcap_dispatch");
	return real(p, count, hand_on, (u_char *)(void *)&s);
}
