/* Preloaded into mksquashfs, so that a layer does not depend on the filesystem its tree was on.
 *
 * mksquashfs stores extended attributes in the order in which the filesystem lists them: as they were set, the other way
 * round, by a hash, each filesystem in its own way. It also stores what the security policy of this host wrote. So names
 * are sorted, and only those that belong into a layer are there.
 *
 * A block of zeros it stores as nothing, whether it was a hole or not; but how much of a file was nothing it counts only if
 * the file took less room than its size. So no file takes any. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT ssize_t llistxattr(const char *path, char *list, size_t size);
EXPORT int lstat(const char *path, struct stat *status);
EXPORT int lstat64(const char *path, struct stat64 *status);

static bool starts(const char *name, const char *prefix) {
  return strncmp(name, prefix, strlen(prefix)) == 0;
}

static bool belongs(const char *name) {
  return starts(name, "user.") || starts(name, "trusted.") || strcmp(name, "security.capability") == 0;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Writes the names that belong, sorted, and returns how many bytes they take. `sorted` may be NULL. */
static size_t put(char *all, size_t length, const char **names, char *sorted) {
  size_t count = 0;
  for (char *name = all; name < all + length; name += strlen(name) + 1)
    if (belongs(name)) names[count++] = name;
  qsort(names, count, sizeof *names, by_name);
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    size_t size = strlen(names[i]) + 1;
    if (sorted != NULL) memcpy(sorted + used, names[i], size);
    used += size;
  }
  return used;
}

static ssize_t refuse(int error) {
  errno = error;
  return -1;
}

ssize_t llistxattr(const char *path, char *list, size_t size) {
  for (;;) {
    ssize_t length = syscall(SYS_llistxattr, path, NULL, 0);
    if (length <= 0) return length;
    char *all = malloc((size_t)length);
    const char **names = calloc((size_t)length, sizeof *names); /* a name has at least one byte */
    ssize_t got = all == NULL || names == NULL ? refuse(ENOMEM) : syscall(SYS_llistxattr, path, all, (size_t)length);
    int error = errno;
    if (got > 0) {
      size_t used = put(all, (size_t)got, names, NULL);
      if (size > 0 && used <= size) put(all, (size_t)got, names, list);
      got = size > 0 && used > size ? refuse(ERANGE) : (ssize_t)used;
      error = errno;
    }
    free(names);
    free(all);
    errno = error;
    if (got < 0 && error == ERANGE && size == 0) continue; /* one came meanwhile */
    return got;
  }
}

int lstat(const char *path, struct stat *status) {
  int done = (int)syscall(SYS_newfstatat, AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
  if (done == 0 && S_ISREG(status->st_mode)) status->st_blocks = 0;
  return done;
}

/* The same by another name: off_t has 64 bits here. */
int lstat64(const char *path, struct stat64 *status) {
  _Static_assert(sizeof(struct stat) == sizeof(struct stat64), "one layout");
  return lstat(path, (struct stat *)(void *)status);
}
