#include <lmdb.h>
// To see on which filesystem a map would lie; not in Swift's Glibc module.
#include <sys/vfs.h>
// O_DIRECT, which the headers show only to those that define _GNU_SOURCE before any of them.
#include <fcntl.h>

// Sees to it that writes to `file` pass by the page cache, if its file system can.
static inline int tally_write_directly(int file) {
  int flags = fcntl(file, F_GETFL);
  return flags < 0 ? flags : fcntl(file, F_SETFL, flags | __O_DIRECT);
}
