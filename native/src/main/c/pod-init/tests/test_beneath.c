#include <fcntl.h>
#include <sys/stat.h>

#include "beneath.h"
#include "tap.h"

static bool same_place(int fd, const char *path) {
  struct stat one, other;
  return fd >= 0 && fstat(fd, &one) == 0 && stat(path, &other) == 0 && one.st_ino == other.st_ino &&
         one.st_dev == other.st_dev;
}

/* Opens path in the tree with `open`, and says whether that is this place of the test's directory. */
static void leads_to(int fd, const char *wanted, const char *what) {
  ok(same_place(fd, wanted), what);
  if (fd >= 0) close(fd);
}

int main(void) {
  char directory[] = "/tmp/test_beneath.XXXXXX";
  if (mkdtemp(directory) == NULL || chdir(directory) < 0 || mkdir("tree", 0755) < 0) die_errno("%s", directory);
  if (mkdir("tree/in", 0755) < 0 || mkdir("out", 0755) < 0 || symlink("/in", "tree/absolute") < 0 ||
      symlink("../../out", "tree/up") < 0 || symlink("/proc/self/root", "tree/magic") < 0 ||
      symlink("gone", "tree/dangling") < 0 || symlink("loop", "tree/loop") < 0)
    die_errno("the tree");
  int root = open("tree", O_PATH | O_DIRECTORY | O_CLOEXEC);

  leads_to(beneath_open(root, "/in", O_PATH), "tree/in", "an absolute path starts at the root");
  leads_to(beneath_open(root, "absolute", O_PATH), "tree/in", "so does an absolute link");
  leads_to(beneath_open(root, "../../..", O_PATH), "tree", "'..' ends at the root");
  leads_to(beneath_open(root, "", O_PATH), "tree", "an empty path is the root");
  ok(beneath_open(root, "up", O_PATH) < 0 && errno == ENOENT, "a link that climbs stays inside");
  ok(beneath_open(root, "magic/etc", O_PATH) < 0, "nothing is reached through /proc links");
  ok(beneath_open(root, "loop", O_PATH) < 0 && errno == ELOOP, "a loop is refused");

  leads_to(beneath_make(root, "/a/b//c/", true), "tree/a/b/c", "directories are made");
  leads_to(beneath_make(root, "a/b/file", false), "tree/a/b/file", "and a file");
  leads_to(beneath_make(root, "absolute/new", true), "tree/in/new", "behind a link of the tree");
  leads_to(beneath_make(root, "/", true), "tree", "the root is there");
  ok(beneath_make(root, "dangling/x", true) < 0 && errno == ENOENT, "not behind a dangling link");
  ok(beneath_make(root, "a/b/file/x", true) < 0 && errno == ENOTDIR, "not below a file");
  ok(access("out/x", F_OK) < 0, "nothing was made outside");

  close(root);
  cleanup_free char *command = xasprintf("rm -rf %s", directory);
  return system(command) != 0 || done_testing();
}
