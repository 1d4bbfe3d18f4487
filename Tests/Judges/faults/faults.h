/* What the two parts of the library share; see faults.c. */
#define _GNU_SOURCE
#include <stddef.h>

enum { OPEN, READ, WRITE, SEND, FDATASYNC, FSYNC, FTRUNCATE, MMAP, RENAME, UNLINK, MKDIR, MALLOC,
       OPERATIONS };

/* What a call is to do. */
struct order {
  int is_done;      /* nothing is to be called: fail with `error`, or say that it worked */
  int error;        /* errno to fail with; after the call if not `is_done` */
  int kills;        /* after the call */
  size_t bytes;     /* to be written */
};

/* Asked before each call: `path` is given, or named by `descriptor`. */
struct order ask(int operation, const char *path, int descriptor, size_t bytes);
/* What the caller is told, from what the call returned. */
long tell(struct order order, long result);
int is_socket(int descriptor);
/* As a call for memory by the code at `caller`; whether it is to fail. */
int is_refused(size_t bytes, void *caller);
