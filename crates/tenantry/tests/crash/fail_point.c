/* Ends a process at its n-th write: before it, after it, or with half of it done.

   Loaded into the process that is killed (LD_PRELOAD), so the product needs no hook for its own death. Counted is what
   leaves the process for good: bytes into files and into sockets, lengths and names of files, and the order to make them
   last.

     TENANTRY_FAIL_AT    which write, from 1
     TENANTRY_FAIL_HOW   before, after, torn
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum how { LIVE, BEFORE, AFTER, TORN };

static long left;
static enum how how = BEFORE;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("TENANTRY_FAIL_AT");
    const char *said = getenv("TENANTRY_FAIL_HOW");
    left = at ? atol(at) : 0;
    if (said && !strcmp(said, "after")) how = AFTER;
    if (said && !strcmp(said, "torn")) how = TORN;
}

/* What to do at this write. */
static enum how counted(void)
{
    return __atomic_sub_fetch(&left, 1, __ATOMIC_SEQ_CST) == 0 ? how : LIVE;
}

/* Says at what, for the test to tell that it hits all kinds, and is gone. */
static void die(const char *what)
{
    dprintf(1, "died at %s\n", what);
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Lines on a pipe and wake-ups between threads are no writes. */
static int lasts(int fd)
{
    struct stat seen;
    return !fstat(fd, &seen) && (S_ISSOCK(seen.st_mode) || S_ISREG(seen.st_mode));
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WITH_BYTES(name, half, whole)                \
    enum how now = counted();                                      \
    if (now == BEFORE) die(#name " (before)");                     \
    if (now == TORN) { (void)!(half); die(#name " (torn)"); }      \
    __typeof__(whole) done = (whole);                              \
    if (now == AFTER) die(#name " (after)");                       \
    return done;

#define WHOLE_OR_NOT(name, whole)                                  \
    enum how now = counted();                                      \
    if (now == BEFORE || now == TORN) die(#name " (before)");      \
    __typeof__(whole) done = (whole);                              \
    if (now == AFTER) die(#name " (after)");                       \
    return done;

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
    WITH_BYTES(pwrite64, REAL(pwrite64)(fd, bytes, length / 2, at), REAL(pwrite64)(fd, bytes, length, at))
}

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    WITH_BYTES(send, REAL(send)(fd, bytes, length / 2, flags), REAL(send)(fd, bytes, length, flags))
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    if (!lasts(fd)) return REAL(write)(fd, bytes, length);
    WITH_BYTES(write, REAL(write)(fd, bytes, length / 2), REAL(write)(fd, bytes, length))
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (!lasts(fd)) return REAL(writev)(fd, parts, count);
    WHOLE_OR_NOT(writev, REAL(writev)(fd, parts, count))
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    WHOLE_OR_NOT(sendmsg, REAL(sendmsg)(fd, message, flags))
}

int rename(const char *from, const char *to) { WHOLE_OR_NOT(rename, REAL(rename)(from, to)) }

int unlink(const char *path) { WHOLE_OR_NOT(unlink, REAL(unlink)(path)) }

int fsync(int fd) { WHOLE_OR_NOT(fsync, REAL(fsync)(fd)) }

int fdatasync(int fd) { WHOLE_OR_NOT(fdatasync, REAL(fdatasync)(fd)) }

int ftruncate64(int fd, off64_t length) { WHOLE_OR_NOT(ftruncate64, REAL(ftruncate64)(fd, length)) }
