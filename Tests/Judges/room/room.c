// A disk of chosen size: statvfs(3) tells what the file named by TALLY_ROOM says, in bytes, less
// what the data files in the directory take. Loaded before a server by LD_PRELOAD.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define EXPORT __attribute__((visibility("default")))

static unsigned long long total(void) {
  unsigned long long bytes = 0;
  const char *path = getenv("TALLY_ROOM");
  FILE *file = path ? fopen(path, "r") : NULL;
  if (!file) return 0;
  if (fscanf(file, "%llu", &bytes) != 1) bytes = 0;
  fclose(file);
  return bytes;
}

static unsigned long long size(const char *directory, const char *name) {
  char path[4096];
  struct stat status;
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return stat(path, &status) == 0 ? (unsigned long long)status.st_size : 0;
}

EXPORT int statvfs(const char *path, struct statvfs *volume) {
  unsigned long long all = total();
  unsigned long long used = size(path, "data.mdb") + size(path, "compact/data.mdb");
  memset(volume, 0, sizeof *volume);
  volume->f_bsize = volume->f_frsize = 4096;
  volume->f_blocks = all / 4096;
  volume->f_bfree = volume->f_bavail = used < all ? (all - used) / 4096 : 0;
  return 0;
}

EXPORT int statvfs64(const char *path, struct statvfs64 *volume) {
  return statvfs(path, (struct statvfs *)volume);
}
