/* Runs a program and writes what it cost into a file: measure FILE PROGRAM [ARGUMENT...]
 *
 *     seconds of CPU, bytes of memory at the peak
 *
 * The kernel counts what a process had before it became another program, too, so that whoever starts one must be small:
 * smaller than Python. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status;
	FILE *out;
	pid_t pid;

	if (argc < 3)
		return 125;
	pid = fork();
	if (pid == 0) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		return 125;
	out = fopen(argv[1], "w");
	if (out == NULL)
		return 125;
	fprintf(out, "%.6f %lld\n", seconds(used.ru_utime) + seconds(used.ru_stime), (long long)used.ru_maxrss * 1024);
	if (fclose(out) != 0)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
