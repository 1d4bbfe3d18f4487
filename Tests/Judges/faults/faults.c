/* Faults at chosen calls of a program, and a kill at chosen moments.
 *
 *   LD_PRELOAD=faults.so TALLY_FAULTS='fdatasync:*.seg:17:kill-before' tallyd --data store
 *
 * A rule is OPERATION:PATH:COUNT:ACTION; rules are separated by ';' or line ends. Each call is held
 * against the rules in their order; each rule counts the calls that match it, and the first whose
 * count is due acts.
 *
 * OPERATION  what it takes in                                       what PATH is matched with
 *   open     open, openat, creat                                    the path as given
 *   read     read, pread                                            the descriptor
 *   write    write, pwrite, writev, pwritev, not to a socket        the descriptor
 *   send     send, sendto, sendmsg, sendmmsg, and writes to a socket  the descriptor
 *   fdatasync, fsync; sync is both                                  the descriptor
 *   ftruncate                                                       the descriptor
 *   mmap                                                            the descriptor; "anonymous"
 *   rename   rename, renameat                                       the new name
 *   unlink   unlink, unlinkat                                       the path as given
 *   mkdir    mkdir                                                  the path as given
 *   malloc   malloc, calloc, realloc, aligned ones                  the file whose code called
 *
 * PATH is a pattern: * matches any characters, / included, ? any one, all others themselves. A
 * descriptor is named by what /proc/self/fd says now (so a file that was renamed has its new name, a socket is "socket:[…]", a
 * file that was removed ends in " (deleted)"), with "+dsync" behind it if every write to it is
 * synced: LMDB writes its meta pages to such a one.
 *
 * COUNT      n the n-th call that matches; n+ that and all later; n-m these; every = 1+
 *
 * ACTION
 *   kill-before, kill-after   SIGKILL before the call is made, or after it was
 *   torn=N     writes only N bytes (N% of them), then SIGKILL; write and send
 *   short=N    writes only N bytes (N% of them, at least 1) and says so; write and send
 *   errno=E    does nothing and fails with E: a name such as EIO, or a number
 *   after=E    does it, then fails with E
 *   skip       does nothing and says that it did: a disk that lies
 *   delay=MS   waits, then does it
 *   count      only counts
 *
 * TALLY_FAULTS          the rules from the start on.
 * TALLY_FAULTS_CONTROL  a file of 64 KiB, mapped, by which another process sets rules at any time
 *                       and sees what happened, after a kill too. Little-endian:
 *      0  u32  generation: raised by the other process once the new rules are in place; they
 *              replace all others, and all counts of rules begin anew
 *      4  u32  the generation that is in force
 *      8  u32  1 + the number of the rule that could not be read; 0 if all could
 *     64  u64  calls of each operation since the start, in the order above (open … malloc,
 *              fdatasync and fsync apart: see `operations`), whether or not a rule matched
 *    512  u64  for each of 32 rules: calls that matched
 *   1024  u64  for each of 32 rules: calls at which it acted; raised before it acts
 *   4096  the rules, ended by a NUL
 * TALLY_FAULTS_TRACE    a file to which a line is added for each call except those of read and
 *                       malloc: operation, path, bytes, and the rule that acted with its action.
 *
 * Works where the program and its libraries call libc through the dynamic linker, which tallyd,
 * Swift's runtime and liblmdb do; calls inside libc (stdio, thread stacks) are not seen. The rules
 * hold for child processes too, each with counts of its own. Here nothing allocates and nothing is
 * looked up: the system calls are made directly, and libc's own allocator is called by its name.
 */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define CALL(order, nothing, call) tell(order, (order).is_done ? (nothing) : (call))
#define EXPORT __attribute__((visibility("default")))

/* The calls. */

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  struct order order = ask(OPEN, path, -1, 0);
  /* Nothing opened cannot pass for something opened. */
  if (order.is_done && !order.error) order.error = EIO;
  return (int)CALL(order, -1, syscall(SYS_openat, folder, path, flags, mode));
}

#define MODE_OF(flags, mode)                                 \
  mode_t mode = 0;                                           \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {                   \
    va_list rest;                                            \
    va_start(rest, flags);                                   \
    mode = va_arg(rest, mode_t);                             \
    va_end(rest);                                            \
  }

EXPORT int open(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}
EXPORT int open64(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(AT_FDCWD, path, flags, mode);
}
EXPORT int openat(int folder, const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(folder, path, flags, mode);
}
EXPORT int openat64(int folder, const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return open_at(folder, path, flags, mode);
}
EXPORT int creat(const char *path, mode_t mode) {
  return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

EXPORT ssize_t read(int file, void *bytes, size_t count) {
  struct order order = ask(READ, NULL, file, count);
  return CALL(order, 0, syscall(SYS_read, file, bytes, count));
}
EXPORT ssize_t pread(int file, void *bytes, size_t count, off_t at) {
  struct order order = ask(READ, NULL, file, count);
  return CALL(order, 0, syscall(SYS_pread64, file, bytes, count, at));
}
EXPORT ssize_t pread64(int file, void *bytes, size_t count, off64_t at) {
  struct order order = ask(READ, NULL, file, count);
  return CALL(order, 0, syscall(SYS_pread64, file, bytes, count, at));
}

EXPORT ssize_t write(int file, const void *bytes, size_t count) {
  struct order order = ask(is_socket(file) ? SEND : WRITE, NULL, file, count);
  return CALL(order, (long)count, syscall(SYS_write, file, bytes, order.bytes));
}
EXPORT ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  struct order order = ask(WRITE, NULL, file, count);
  return CALL(order, (long)count, syscall(SYS_pwrite64, file, bytes, order.bytes, at));
}
EXPORT ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  return pwrite(file, bytes, count, at);
}

/* The first `bytes` of the parts, in `cut`; how many parts that are. */
enum { PARTS = 1024 };
static int cut_parts(const struct iovec *parts, int count, size_t bytes, struct iovec *cut) {
  int kept = 0;
  for (; kept < count && kept < PARTS && bytes > 0; kept++) {
    cut[kept] = parts[kept];
    if (cut[kept].iov_len > bytes) cut[kept].iov_len = bytes;
    bytes -= cut[kept].iov_len;
  }
  return kept;
}

static size_t total(const struct iovec *parts, int count) {
  size_t bytes = 0;
  for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
  return bytes;
}

EXPORT ssize_t writev(int file, const struct iovec *parts, int count) {
  size_t bytes = total(parts, count);
  struct order order = ask(is_socket(file) ? SEND : WRITE, NULL, file, bytes);
  struct iovec cut[PARTS];
  if (order.bytes < bytes) {
    count = cut_parts(parts, count, order.bytes, cut);
    parts = cut;
  }
  return CALL(order, (long)bytes, syscall(SYS_writev, file, parts, count));
}
EXPORT ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
  size_t bytes = total(parts, count);
  struct order order = ask(WRITE, NULL, file, bytes);
  struct iovec cut[PARTS];
  if (order.bytes < bytes) {
    count = cut_parts(parts, count, order.bytes, cut);
    parts = cut;
  }
  return CALL(order, (long)bytes, syscall(SYS_pwritev, file, parts, count, at, 0L));
}
EXPORT ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) {
  return pwritev(file, parts, count, at);
}

EXPORT ssize_t sendto(int file, const void *bytes, size_t count, int flags,
                      const struct sockaddr *to, socklen_t length) {
  struct order order = ask(SEND, NULL, file, count);
  return CALL(
    order, (long)count, syscall(SYS_sendto, file, bytes, order.bytes, flags, to, length));
}
EXPORT ssize_t send(int file, const void *bytes, size_t count, int flags) {
  return sendto(file, bytes, count, flags, NULL, 0);
}
EXPORT ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
  size_t bytes = total(message->msg_iov, (int)message->msg_iovlen);
  struct order order = ask(SEND, NULL, file, bytes);
  struct iovec cut[PARTS];
  struct msghdr shorter = *message;
  if (order.bytes < bytes) {
    shorter.msg_iovlen =
      (size_t)cut_parts(message->msg_iov, (int)message->msg_iovlen, order.bytes, cut);
    shorter.msg_iov = cut;
  }
  return CALL(order, (long)bytes, syscall(SYS_sendmsg, file, &shorter, flags));
}
EXPORT int sendmmsg(int file, struct mmsghdr *messages, unsigned count, int flags) {
  struct order order = ask(SEND, NULL, file, count);
  return (int)CALL(order, (long)count, syscall(SYS_sendmmsg, file, messages, count, flags));
}

EXPORT int fdatasync(int file) {
  struct order order = ask(FDATASYNC, NULL, file, 0);
  return (int)CALL(order, 0, syscall(SYS_fdatasync, file));
}
EXPORT int fsync(int file) {
  struct order order = ask(FSYNC, NULL, file, 0);
  return (int)CALL(order, 0, syscall(SYS_fsync, file));
}
EXPORT int ftruncate(int file, off_t length) {
  struct order order = ask(FTRUNCATE, NULL, file, (size_t)length);
  return (int)CALL(order, 0, syscall(SYS_ftruncate, file, length));
}
EXPORT int ftruncate64(int file, off64_t length) { return ftruncate(file, length); }

EXPORT void *mmap(void *address, size_t bytes, int protection, int flags, int file, off_t at) {
  struct order order = ask(MMAP, flags & MAP_ANONYMOUS ? "anonymous" : NULL, file, bytes);
  if (order.is_done && !order.error) order.error = ENOMEM;
  return (void *)CALL(
    order, -1, syscall(SYS_mmap, address, bytes, protection, flags, file, at));
}
EXPORT void *mmap64(void *address, size_t bytes, int protection, int flags, int file, off64_t at) {
  return mmap(address, bytes, protection, flags, file, at);
}

EXPORT int renameat(int folder, const char *old, int other, const char *new) {
  struct order order = ask(RENAME, new, -1, 0);
  return (int)CALL(order, 0, syscall(SYS_renameat2, folder, old, other, new, 0));
}
EXPORT int rename(const char *old, const char *new) {
  return renameat(AT_FDCWD, old, AT_FDCWD, new);
}
EXPORT int unlinkat(int folder, const char *path, int flags) {
  struct order order = ask(UNLINK, path, -1, 0);
  return (int)CALL(order, 0, syscall(SYS_unlinkat, folder, path, flags));
}
EXPORT int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
EXPORT int mkdir(const char *path, mode_t mode) {
  struct order order = ask(MKDIR, path, -1, 0);
  return (int)CALL(order, 0, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

/* Memory: failing is all that can happen to it. */

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
  *__libc_memalign(size_t, size_t);

EXPORT void *malloc(size_t bytes) {
  return is_refused(bytes, __builtin_return_address(0)) ? NULL : __libc_malloc(bytes);
}
EXPORT void *calloc(size_t count, size_t bytes) {
  return is_refused(count * bytes, __builtin_return_address(0)) ? NULL
    : __libc_calloc(count, bytes);
}
EXPORT void *realloc(void *old, size_t bytes) {
  return is_refused(bytes, __builtin_return_address(0)) ? NULL : __libc_realloc(old, bytes);
}
EXPORT void *memalign(size_t alignment, size_t bytes) {
  return is_refused(bytes, __builtin_return_address(0)) ? NULL : __libc_memalign(alignment, bytes);
}
EXPORT void *aligned_alloc(size_t alignment, size_t bytes) {
  return is_refused(bytes, __builtin_return_address(0)) ? NULL : __libc_memalign(alignment, bytes);
}
EXPORT int posix_memalign(void **result, size_t alignment, size_t bytes) {
  if (is_refused(bytes, __builtin_return_address(0))) return ENOMEM;
  void *made = __libc_memalign(alignment, bytes);
  if (!made) return ENOMEM;
  *result = made;
  return 0;
}
