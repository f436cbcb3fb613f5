/* Tells the processor that a loop waits for another core. */
#ifndef CLI_RELAX_H
#define CLI_RELAX_H

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

#endif
