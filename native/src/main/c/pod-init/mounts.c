#include "mounts.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "beneath.h"

static const char STAGE[] = "mount";

/* Without this every mount made here would appear outside, and detaching the old root would unmount it there. */
static int make_private(struct failure *why) {
  return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? fail(why, STAGE, errno, "making / private") : 0;
}

/* pivot_root wants its new root to be a mount of this namespace. The descriptor of the new mount's root. */
static int bind_root(const char *root, struct failure *why) {
  if (mount(root, root, NULL, MS_BIND | MS_REC, NULL) < 0) return fail(why, STAGE, errno, "binding %s", root);
  int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return fd < 0 ? fail(why, STAGE, errno, "%s", root) : fd;
}

/* The part of source that lies in the pod's tree, or NULL. */
static const char *within(const char *root, const char *source) {
  size_t length = strlen(root);
  while (length > 0 && root[length - 1] == '/')
    length--;
  return strncmp(root, source, length) == 0 && source[length] == '/' ? source + length : NULL;
}

/* What lies in the pod's tree may be there only after the records before it. The descriptor belongs to the caller. */
static int open_source(const struct plan *plan, int root, const struct mount_op *op) {
  const char *inside = within(plan->root, op->source);
  if (inside != NULL) return beneath_open(root, inside, O_PATH);
  errno = op->from < 0 ? -op->from : 0;
  return op->from < 0 ? -1 : dup(op->from);
}

/* What the kernel has to say about a new file system's options. Returns -1 with *why. */
static int explain(int context, const struct mount_op *op, int error, struct failure *why) {
  char text[256];
  ssize_t length = TEMP_FAILURE_RETRY(read(context, text, sizeof text - 1));
  text[length > 0 ? length : 0] = '\0';
  return fail(why, STAGE, error, "%s on %s%s%s", op->fstype, op->target, length > 0 ? ": " : "", text);
}

static int set_option(int context, char *option) {
  char *value = strchr(option, '=');
  if (value == NULL) return fsconfig(context, FSCONFIG_SET_FLAG, option, NULL, 0);
  *value = '\0';
  return fsconfig(context, FSCONFIG_SET_STRING, option, value + 1, 0);
}

/* A new file system, not yet attached anywhere. */
static int make_filesystem(const struct mount_op *op, struct failure *why) {
  cleanup_fd int context = fsopen(op->fstype, FSOPEN_CLOEXEC);
  if (context < 0) return fail(why, STAGE, errno, "file system type %s", op->fstype);
  if (op->source[0] != '\0' && fsconfig(context, FSCONFIG_SET_STRING, "source", op->source, 0) < 0)
    return explain(context, op, errno, why);
  cleanup_free char *data = xstrdup(op->data);
  char *rest;
  for (char *option = strtok_r(data, ",", &rest); option != NULL; option = strtok_r(NULL, ",", &rest))
    if (set_option(context, option) < 0) return explain(context, op, errno, why);
  if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) return explain(context, op, errno, why);
  int made = fsmount(context, FSMOUNT_CLOEXEC, (unsigned)op->attributes);
  return made < 0 ? explain(context, op, errno, why) : made;
}

/* A copy of a mount, not yet attached. Attributes are only ever added: a user namespace may not clear those it got. */
static int clone_mount(const struct mount_op *op, int source, struct failure *why) {
  unsigned recursive = op->recursive ? AT_RECURSIVE : 0;
  cleanup_fd int copy = open_tree(source, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive);
  if (copy < 0) return fail(why, STAGE, errno, "binding %s", op->source);
  struct mount_attr attributes = {.attr_set = op->attributes};
  if (op->attributes != 0 && mount_setattr(copy, "", AT_EMPTY_PATH | recursive, &attributes, sizeof attributes) < 0)
    return fail(why, STAGE, errno, "flags of %s", op->target);
  return steal_fd(&copy);
}

static bool is_directory(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
}

int mounts_open(struct plan *plan, struct failure *why) {
  if (make_private(why) < 0) return -1;
  cleanup_fd int root = bind_root(plan->root, why);
  if (root < 0) return -1;
  for (size_t i = 0; i < plan->mount_count; i++) {
    struct mount_op *op = &plan->mounts[i];
    if (op->fstype != NULL || within(plan->root, op->source) != NULL) continue;
    op->from = open(op->source, O_PATH | O_CLOEXEC);
    if (op->from < 0) op->from = -errno;
  }
  return steal_fd(&root);
}

/* Attached only when complete, so nothing is ever seen with the wrong flags. */
static int apply_mount(const struct plan *plan, int root, const struct mount_op *op, struct failure *why) {
  cleanup_fd int target = beneath_open(root, op->target, O_PATH);
  if (target < 0 && op->optional && errno == ENOENT) return 0;
  cleanup_fd int source = op->fstype == NULL ? open_source(plan, root, op) : -1;
  if (op->fstype == NULL && source < 0) return fail(why, STAGE, errno, "source %s", op->source);
  if (target < 0) target = beneath_make(root, op->target, op->fstype != NULL || is_directory(source));
  if (target < 0) return fail(why, STAGE, errno, "target %s", op->target);
  cleanup_fd int made = op->fstype == NULL ? clone_mount(op, source, why) : make_filesystem(op, why);
  if (made < 0) return -1;
  if (move_mount(made, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
    return fail(why, STAGE, errno, "mounting on %s", op->target);
  return 0;
}

/* The old root ends up stacked on the new one at "/", where one detach takes it away: no directory is needed for it. */
static int pivot(int root, struct failure *why) {
  cleanup_fd int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (old < 0 || fchdir(root) < 0) return fail(why, "pivot", errno, "entering the root");
  if (syscall(SYS_pivot_root, ".", ".") < 0) return fail(why, "pivot", errno, "pivot_root");
  if (fchdir(old) < 0 || umount2(".", MNT_DETACH) < 0) return fail(why, "pivot", errno, "leaving the old root");
  return chdir("/") < 0 ? fail(why, "pivot", errno, "entering /") : 0;
}

int mounts_apply(const struct plan *plan, int root, struct failure *why) {
  for (size_t i = 0; i < plan->mount_count; i++)
    if (apply_mount(plan, root, &plan->mounts[i], why) < 0) return -1;
  return pivot(root, why);
}
