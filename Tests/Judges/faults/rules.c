/* The rules: how they are read, and what they say of a call; see faults.c. */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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

int is_socket(int descriptor) {
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

struct order ask(int operation, const char *path, int descriptor, size_t bytes) {
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

long tell(struct order order, long result) {
  if (order.kills) end_here();
  if (!order.error) return result;
  errno = order.error;
  return -1;
}

int is_refused(size_t bytes, void *caller) {
  if (is_inside || !atomic_load(&is_ready)) return 0;
  struct order order = ask(MALLOC, caller_name(caller), -1, bytes);
  if (order.kills) end_here();
  if (!order.error && !order.is_done) return 0;
  errno = ENOMEM;
  return 1;
}
