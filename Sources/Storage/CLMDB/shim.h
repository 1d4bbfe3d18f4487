#include <lmdb.h>
// To see on which filesystem a map would lie; not in Swift's Glibc module.
#include <sys/vfs.h>
