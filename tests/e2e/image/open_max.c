/* A machine that allows any number of open files: what sysconf() says of it is $FAKE_OPEN_MAX. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

long
sysconf(int name)
{
	const char *open_max = getenv("FAKE_OPEN_MAX");
	long (*real)(int);

	if (name == _SC_OPEN_MAX && open_max)
		return atol(open_max);
	*(void **)&real = dlsym(RTLD_NEXT, "sysconf");
	return real(name);
}
