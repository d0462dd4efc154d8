#include "beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

int beneath_open(int root, const char *path, int flags) {
  struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  return (int)TEMP_FAILURE_RETRY(syscall(SYS_openat2, root, *path == '\0' ? "." : path, &how, sizeof how));
}

static int make_last(int parent, const char *name, bool directory) {
  if (directory) return mkdirat(parent, name, 0755);
  cleanup_fd int file = openat(parent, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644);
  return file < 0 ? -1 : 0;
}

/* Makes the component that ends at `end`, whose parents exist. */
static int make_component(int root, char *path, char *end, bool directory) {
  char after = *end;
  *end = '\0';
  char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  cleanup_free char *parent_path = slash == NULL ? xstrdup("") : strndup(path, (size_t)(slash - path));
  cleanup_fd int parent = parent_path == NULL ? -1 : beneath_open(root, parent_path, O_PATH | O_DIRECTORY);
  int made = parent < 0 || *name == '\0' ? 0 : make_last(parent, name, directory);
  *end = after;
  return made < 0 && errno != EEXIST ? -1 : 0;
}

int beneath_make(int root, const char *path, bool directory) {
  int there = beneath_open(root, path, O_PATH);
  if (there >= 0 || errno != ENOENT) return there;
  cleanup_free char *copy = xstrdup(path);
  size_t length = strlen(copy);
  while (length > 1 && copy[length - 1] == '/')
    copy[--length] = '\0';
  for (char *end = strchr(copy + 1, '/'); end != NULL; end = strchr(end + 1, '/'))
    if (make_component(root, copy, end, true) < 0) return -1;
  if (make_component(root, copy, copy + length, directory) < 0) return -1;
  return beneath_open(root, path, O_PATH);
}
