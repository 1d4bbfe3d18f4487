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
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, SEND, FDATASYNC, FSYNC, FTRUNCATE, MMAP, RENAME, UNLINK, MKDIR, MALLOC,
       OPERATIONS };
static const char *const operations[OPERATIONS] = {
  "open", "read", "write", "send", "fdatasync", "fsync", "ftruncate", "mmap", "rename", "unlink",
  "mkdir", "malloc"};

enum action { KILL_BEFORE, KILL_AFTER, TORN, SHORT, ERRNO, AFTER, SKIP, DELAY, COUNT };
static const struct { const char *name; int takes_number; } actions[] = {
  {"kill-before", 0}, {"kill-after", 0}, {"torn=", 1}, {"short=", 1}, {"errno=", 1},
  {"after=", 1}, {"skip", 0}, {"delay=", 1}, {"count", 0}};

enum { RULES = 32, CONTROL_BYTES = 1 << 16, RULES_AT = 4096, PATH_BYTES = 512, OBJECTS = 64 };

struct rule {
  unsigned operations;
  char path[PATH_BYTES];
  uint64_t first, last;
  enum action action;
  long number;
  int is_percent;
  _Atomic uint64_t matched;
};

struct table {
  int count;
  unsigned operations;
  struct rule rules[RULES];
};

struct control {
  _Atomic uint32_t generation, taken, bad;
  char padding[52];
  _Atomic uint64_t calls[56];
  _Atomic uint64_t matched[64];
  _Atomic uint64_t acted[384];
  char rules[CONTROL_BYTES - RULES_AT];
};
_Static_assert(sizeof(struct control) == CONTROL_BYTES, "the layout in the comment above");

static struct table tables[2];
static struct table *_Atomic table = &tables[0];
static struct control own, *control = &own;
static atomic_flag is_reading = ATOMIC_FLAG_INIT;
static int trace = -1;
static atomic_int is_ready;
static struct { uintptr_t low, high; const char *name; } objects[OBJECTS];
static int object_count;
static __thread int is_inside __attribute__((tls_model("initial-exec")));

/* What a call is to do. */
struct order {
  int is_done;      /* nothing is to be called: fail with `error`, or say that it worked */
  int error;        /* errno to fail with; after the call if not `is_done` */
  int kills;        /* after the call */
  size_t bytes;     /* to be written */
};

/* Reading rules. */

static int read_error_name(const char *text, size_t length, long *number) {
  static const struct { const char *name; int number; } names[] = {
    {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"ENOMEM", ENOMEM}, {"EACCES", EACCES},
    {"EMFILE", EMFILE}, {"ENFILE", ENFILE}, {"EINTR", EINTR}, {"EROFS", EROFS}, {"EPERM", EPERM},
    {"EINVAL", EINVAL}, {"EAGAIN", EAGAIN}, {"ENOENT", ENOENT}, {"EFBIG", EFBIG},
    {"EPIPE", EPIPE}, {"ECONNRESET", ECONNRESET}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i].name) == length && !memcmp(names[i].name, text, length)) {
      *number = names[i].number;
      return 1;
    }
  return 0;
}

static int read_number(const char *text, size_t length, long *number) {
  if (length == 0 || length > 18) return 0;
  *number = 0;
  for (size_t i = 0; i < length; i++) {
    if (text[i] < '0' || text[i] > '9') return 0;
    *number = *number * 10 + (text[i] - '0');
  }
  return 1;
}

static int read_operation(struct rule *rule, const char *text, size_t length) {
  rule->operations = 0;
  if (length == 4 && !memcmp(text, "sync", 4)) rule->operations = 1u << FDATASYNC | 1u << FSYNC;
  for (int i = 0; i < OPERATIONS; i++)
    if (strlen(operations[i]) == length && !memcmp(operations[i], text, length))
      rule->operations = 1u << i;
  return rule->operations != 0;
}

static int read_count(struct rule *rule, const char *text, size_t length) {
  long first, last;
  rule->last = UINT64_MAX;
  if (length == 5 && !memcmp(text, "every", 5)) {
    rule->first = 1;
    return 1;
  }
  const char *dash = memchr(text, '-', length);
  size_t digits = dash ? (size_t)(dash - text) : length;
  int is_open = !dash && length > 0 && text[length - 1] == '+';
  if (!read_number(text, digits - (is_open ? 1 : 0), &first) || first < 1) return 0;
  rule->first = (uint64_t)first;
  if (dash) {
    if (!read_number(dash + 1, length - digits - 1, &last) || last < first) return 0;
    rule->last = (uint64_t)last;
  } else if (!is_open) {
    rule->last = rule->first;
  }
  return 1;
}

static int read_action(struct rule *rule, const char *text, size_t length) {
  for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
    size_t name = strlen(actions[i].name);
    if (length < name || memcmp(actions[i].name, text, name)) continue;
    rule->action = (enum action)i;
    rule->is_percent = 0;
    if (!actions[i].takes_number) return length == name;
    if ((i == ERRNO || i == AFTER) && read_error_name(text + name, length - name, &rule->number))
      return 1;
    rule->is_percent = (i == TORN || i == SHORT) && text[length - 1] == '%';
    return read_number(text + name, length - name - (size_t)rule->is_percent, &rule->number);
  }
  return 0;
}

/* OPERATION:PATH:COUNT:ACTION; a path may hold colons. */
static int read_rule(struct rule *rule, const char *text, size_t length) {
  const char *end = text + length;
  const char *path = memchr(text, ':', length);
  if (!path) return 0;
  const char *action = memrchr(path + 1, ':', (size_t)(end - path - 1));
  if (!action) return 0;
  const char *count = memrchr(path + 1, ':', (size_t)(action - path - 1));
  if (!count || (size_t)(count - path - 1) >= sizeof rule->path) return 0;
  memcpy(rule->path, path + 1, (size_t)(count - path - 1));
  rule->path[count - path - 1] = 0;
  atomic_store(&rule->matched, 0);
  return read_operation(rule, text, (size_t)(path - text))
    && read_count(rule, count + 1, (size_t)(action - count - 1))
    && read_action(rule, action + 1, (size_t)(end - action - 1));
}

/* Replaces all rules. */
static void read_rules(const char *text) {
  struct table *next = atomic_load(&table) == &tables[0] ? &tables[1] : &tables[0];
  next->count = 0;
  next->operations = 0;
  atomic_store(&control->bad, 0);
  for (int i = 0; i < RULES; i++) {
    atomic_store(&control->matched[i], 0);
    atomic_store(&control->acted[i], 0);
  }
  while (*text) {
    size_t length = strcspn(text, ";\n");
    if (length > 0) {
      if (next->count == RULES || !read_rule(&next->rules[next->count], text, length)) {
        atomic_store(&control->bad, (uint32_t)next->count + 1);
        static const char words[] = "faults.so: a rule cannot be read: ";
        syscall(SYS_write, 2, words, sizeof words - 1);
        syscall(SYS_write, 2, text, length);
        syscall(SYS_write, 2, "\n", 1);
        break;
      }
      next->operations |= next->rules[next->count].operations;
      next->count++;
    }
    text += length + (text[length] != 0);
  }
  atomic_store(&table, next);
}

static int add_object(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  (void)context;
  for (int i = 0; i < info->dlpi_phnum && object_count < OBJECTS; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
    objects[object_count].low = info->dlpi_addr + part->p_vaddr;
    objects[object_count].high = info->dlpi_addr + part->p_vaddr + part->p_memsz;
    objects[object_count].name = info->dlpi_name[0] ? info->dlpi_name : "program";
    object_count++;
  }
  return 0;
}

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("TALLY_FAULTS_CONTROL");
  int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
  if (file >= 0) {
    void *mapped = (void *)syscall(
      SYS_mmap, NULL, (size_t)CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0L);
    if (mapped != MAP_FAILED) control = mapped;
    syscall(SYS_close, file);
  }
  path = getenv("TALLY_FAULTS_TRACE");
  if (path)
    trace = (int)syscall(
      SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dl_iterate_phdr(add_object, NULL);
  const char *rules = getenv("TALLY_FAULTS");
  if (rules) read_rules(rules);
  atomic_store(&is_ready, 1);
}

/* Acting by them. */

static const char *caller_name(void *address) {
  for (int i = 0; i < object_count; i++)
    if ((uintptr_t)address >= objects[i].low && (uintptr_t)address < objects[i].high)
      return objects[i].name;
  return "unknown";
}

static void name_descriptor(int descriptor, char *path) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, (size_t)PATH_BYTES - 8);
  path[length > 0 ? length : 0] = 0;
  long flags = length > 0 && path[0] == '/' ? syscall(SYS_fcntl, descriptor, F_GETFL) : -1;
  if (flags >= 0 && (flags & O_DSYNC)) strcat(path, "+dsync");
}

static int is_socket(int descriptor) {
  struct stat status;
  int error = errno;
  int found = fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
  errno = error;
  return found;
}

static void add_trace(int operation, const char *path, size_t bytes, const struct rule *rule) {
  char line[PATH_BYTES + 128];
  int length = snprintf(line, sizeof line, "%s %s %zu", operations[operation], path, bytes);
  if (rule)
    length += snprintf(
      line + length, sizeof line - (size_t)length, " rule %d %s",
      (int)(rule - atomic_load(&table)->rules), actions[rule->action].name);
  line[length++] = '\n';
  syscall(SYS_write, trace, line, (size_t)length);
}

__attribute__((noreturn)) static void end_here(void) {
  while (1) {
    syscall(SYS_kill, getpid(), SIGKILL);
    syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
  }
}

static int matches(const char *pattern, const char *text) {
  const char *star = NULL, *resume = NULL;
  while (*text) {
    if (*pattern == '*') {
      star = pattern++;
      resume = text;
    } else if (*pattern == '?' || *pattern == *text) {
      pattern++;
      text++;
    } else if (star) {
      pattern = star + 1;
      text = ++resume;
    } else {
      return 0;
    }
  }
  while (*pattern == '*') pattern++;
  return *pattern == 0;
}

/* The rule that is due, if any; counts in all that match. */
static const struct rule *find_rule(int operation, const char *path) {
  struct table *rules = atomic_load(&table);
  for (int i = 0; i < rules->count; i++) {
    struct rule *rule = &rules->rules[i];
    if (!(rule->operations & 1u << operation) || !matches(rule->path, path)) continue;
    uint64_t count = atomic_fetch_add(&rule->matched, 1) + 1;
    atomic_fetch_add(&control->matched[i], 1);
    if (count < rule->first || count > rule->last || rule->action == COUNT) continue;
    atomic_fetch_add(&control->acted[i], 1);
    return rule;
  }
  return NULL;
}

static struct order obey(const struct rule *rule, size_t bytes) {
  struct order order = {.bytes = bytes};
  size_t part = (size_t)rule->number;
  if (rule->is_percent) part = bytes * part / 100;
  switch (rule->action) {
  case KILL_BEFORE: end_here();
  case KILL_AFTER: order.kills = 1; break;
  case TORN: order.kills = 1; order.bytes = part < bytes ? part : bytes; break;
  case SHORT: order.bytes = part < 1 ? (bytes > 0) : part < bytes ? part : bytes; break;
  case ERRNO: order.is_done = 1; order.error = (int)rule->number; break;
  case AFTER: order.error = (int)rule->number; break;
  case SKIP: order.is_done = 1; break;
  case DELAY: {
    struct timespec time = {rule->number / 1000, rule->number % 1000 * 1000000};
    syscall(SYS_nanosleep, &time, NULL);
    break;
  }
  case COUNT: break;
  }
  return order;
}

/* Asked before each call: `path` is given, or named by `descriptor`. */
static struct order ask(int operation, const char *path, int descriptor, size_t bytes) {
  struct order order = {.bytes = bytes};
  if (is_inside || !atomic_load(&is_ready)) return order;
  is_inside = 1;
  int error = errno;
  uint32_t wanted = atomic_load(&control->generation);
  if (wanted != atomic_load(&control->taken) && !atomic_flag_test_and_set(&is_reading)) {
    read_rules(control->rules);
    atomic_store(&control->taken, wanted);
    atomic_flag_clear(&is_reading);
  }
  atomic_fetch_add(&control->calls[operation], 1);
  int is_traced = trace >= 0 && operation != MALLOC && operation != READ;
  int is_ruled = (atomic_load(&table)->operations & 1u << operation) != 0;
  if (is_traced || is_ruled) {
    char name[PATH_BYTES];
    if (!path) {
      name_descriptor(descriptor, name);
      path = name;
    }
    const struct rule *rule = is_ruled ? find_rule(operation, path) : NULL;
    if (is_traced) add_trace(operation, path, bytes, rule);
    if (rule) order = obey(rule, bytes);
  }
  errno = error;
  is_inside = 0;
  return order;
}

/* What the caller is told. */
static long tell(struct order order, long result) {
  if (order.kills) end_here();
  if (!order.error) return result;
  errno = order.error;
  return -1;
}

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

static int is_refused(size_t bytes, void *caller) {
  if (is_inside || !atomic_load(&is_ready)) return 0;
  struct order order = ask(MALLOC, caller_name(caller), -1, bytes);
  if (order.kills) end_here();
  if (!order.error && !order.is_done) return 0;
  errno = ENOMEM;
  return 1;
}

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
