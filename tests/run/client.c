/* A client that goes through one story after another, and writes down every error that it gets: "LOG tid call errno port".
 * usage: client THREADS STORY:PORT...   Each thread goes through all of them. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static char **stories;

static unsigned port_of(int fd)
{
	struct sockaddr_in own = {0};
	socklen_t len = sizeof(own);

	getsockname(fd, (struct sockaddr *)&own, &len);
	return ntohs(own.sin_port);
}

static void note(const char *call, int fd, int error)
{
	printf("LOG %ld %s %d %u\n", syscall(SYS_gettid), call, error, port_of(fd));
	fflush(stdout);
}

static long check(const char *call, int fd, long result)
{
	if (result < 0)
		note(call, fd, errno);
	return result;
}

static void wait_ms(int ms)
{
	poll(NULL, 0, ms);
}

static int connect_to(unsigned port, int flags)
{
	const struct sockaddr_in server = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int fd = socket(AF_INET, SOCK_STREAM | flags, 0);

	if (connect(fd, (const struct sockaddr *)&server, sizeof(server)) != 0 && errno != EINPROGRESS)
		note("connect", fd, errno);
	return fd;
}

static void tell_story(const char *story, unsigned port)
{
	const struct timeval patience = {.tv_usec = 200000};
	const unsigned give_up_ms = 1500;
	int fd = connect_to(port, strcmp(story, "later") == 0 ? SOCK_NONBLOCK : 0), error = 0;
	socklen_t len = sizeof(error);
	char byte = 'x';
	struct iovec one = {.iov_base = &byte, .iov_len = 1};

	if (strcmp(story, "recv") == 0) {
		check("recv", fd, recv(fd, &byte, 1, 0));
	} else if (strcmp(story, "read") == 0) {
		check("read", fd, read(fd, &byte, 1));
	} else if (strcmp(story, "readv") == 0) {
		check("readv", fd, readv(fd, &one, 1));
	} else if (strcmp(story, "write") == 0) {
		wait_ms(300);
		check("write", fd, write(fd, &byte, 1));
		check("write", fd, write(fd, &byte, 1));
		check("send", fd, send(fd, &byte, 1, MSG_NOSIGNAL));
	} else if (strcmp(story, "idle") == 0) {
		wait_ms(600);
		check("send", fd, send(fd, &byte, 1, 0));
		wait_ms(100);
		check("writev", fd, writev(fd, &one, 1));
		check("shutdown", fd, shutdown(fd, SHUT_RDWR));
	} else if (strcmp(story, "vanish") == 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof(give_up_ms));
		check("recv", fd, recv(fd, &byte, 1, 0)); /* the server's word that it is cut off now */
		check("send", fd, send(fd, &byte, 1, 0));
		check("recv", fd, recv(fd, &byte, 1, 0));
	} else if (strcmp(story, "patience") == 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		check("recv", fd, recv(fd, &byte, 1, 0));
		recv(fd, &byte, 1, MSG_DONTWAIT); /* no error: it only asks whether there is something */
	} else if (strcmp(story, "later") == 0) {
		struct pollfd wait = {.fd = fd, .events = POLLOUT};

		check("recv", -1, 0);
		poll(&wait, 1, 5000);
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error != 0)
			note("getsockopt", fd, error);
	}
	close(fd);
}

static void *tell_all(void *unused)
{
	for (char **story = stories; *story; story++) {
		char name[32];
		unsigned port;

		if (sscanf(*story, "%31[a-z]:%u", name, &port) == 2)
			tell_story(name, port);
	}
	return unused;
}

int main(int argc, char **argv)
{
	enum { THREADS_MOST = 16 };
	pthread_t threads[THREADS_MOST];
	const int count = argc > 1 ? atoi(argv[1]) : 0;

	signal(SIGPIPE, SIG_IGN);
	stories = argv + 2;
	for (int i = 0; i < count && i < THREADS_MOST; i++)
		pthread_create(&threads[i], NULL, tell_all, NULL);
	if (count == 0)
		tell_all(NULL);
	for (int i = 0; i < count && i < THREADS_MOST; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
