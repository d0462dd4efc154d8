/* Namespaces that processes make inside the pod (most need CAP_SYS_ADMIN there). */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t inhabitant;
static volatile int *settled;

/* In a child: leaves the namespace, settles, verifies for ever. */
struct world {
  int flags;
  void (*settle)(void);
  void (*verify)(void);
};

static void inhabit(void *argument) {
  const struct world *world = argument;
  if (unshare(world->flags) < 0) {
    if (errno == EPERM)
      skip("needs --cap-add SYS_ADMIN");
    fail("unshare: %s", strerror(errno));
  }
  if (world->flags & CLONE_NEWPID) {
    pid_t first = (pid_t)must(fork());
    if (first > 0) {
      int status;
      must(waitpid(first, &status, 0));
      _exit(1);
    }
  }
  world->settle();
  *settled = 1;
  for (;; sleep_ms(20))
    world->verify();
}

static void start(const struct world *world) {
  settled = shared_memory(sizeof *settled);
  inhabitant = spawn(inhabit, (void *)world);
  for (long end = now_ms() + 5000; !*settled; sleep_ms(1)) {
    int status;
    if (waitpid(inhabitant, &status, WNOHANG) == inhabitant)
      _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
    expect(now_ms() < end);
  }
}

static void check_inhabitant(void) {
  expect_alive(inhabitant);
}

static void settle_uts(void) {
  must(sethostname("elsewhere", 9));
  must(setdomainname("nowhere", 7));
}

static void verify_uts(void) {
  char name[64];
  must(gethostname(name, sizeof name));
  expect(strcmp(name, "elsewhere") == 0);
  must(getdomainname(name, sizeof name));
  expect(strcmp(name, "nowhere") == 0);
}

static int segment;

static void settle_ipc(void) {
  segment = (int)must(shmget(77, 4096, IPC_CREAT | IPC_EXCL | 0600));
}

static void verify_ipc(void) {
  expect_eq(shmget(77, 4096, 0), segment);
}

static void settle_mnt(void) {
  must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
  must(mkdir("/tmp/private", 0755));
  must(mount("tmpfs", "/tmp/private", "tmpfs", 0, "size=1m"));
  write_file("/tmp/private/file", "only here");
}

static void verify_mnt(void) {
  expect_content("/tmp/private/file", "only here");
}

static void settle_pid(void) {
  expect_eq(getpid(), 1);
}

static void settle_net(void) {
  must(access("/proc/self/ns/net", F_OK));
}

static void verify_net(void) {
  char text[1024];
  int fd = (int)must(open("/proc/self/net/dev", O_RDONLY));
  ssize_t length = must(read(fd, text, sizeof text - 1));
  must(close(fd));
  text[length] = 0;
  expect(strstr(text, "lo:") && !strstr(text, "eth0"));
}

static void settle_user(void) {
  expect_eq(geteuid(), 65534);
}

static void verify_user(void) {
  expect_eq(geteuid(), 65534);
}

#define WORLD(kind, flag, settle_, verify_)                                                        \
  static void setup_##kind(int argc, char **argv) {                                                \
    (void)argc, (void)argv;                                                                        \
    static const struct world world = {.flags = flag, .settle = settle_, .verify = verify_};       \
    start(&world);                                                                                 \
  }

WORLD(uts, CLONE_NEWUTS, settle_uts, verify_uts)
WORLD(ipc, CLONE_NEWIPC, settle_ipc, verify_ipc)
WORLD(mnt, CLONE_NEWNS, settle_mnt, verify_mnt)
WORLD(pid, CLONE_NEWPID, settle_pid, settle_pid)
WORLD(net, CLONE_NEWNET, settle_net, verify_net)
WORLD(user, CLONE_NEWUSER, settle_user, verify_user)

const struct workload namespace_workloads[] = {
    {"ns-uts", "a process with a host name of its own", setup_uts, check_inhabitant, NULL,
     .fate = REFUSED, .needs = "SYS_ADMIN"},
    {"ns-ipc", "a process with System V objects of its own", setup_ipc, check_inhabitant, NULL,
     .fate = REFUSED, .needs = "SYS_ADMIN"},
    {"ns-mnt", "a process with mounts of its own", setup_mnt, check_inhabitant, NULL,
     .needs = "SYS_ADMIN"},
    {"ns-net", "a process with a network of its own", setup_net, check_inhabitant, NULL,
     .fate = REFUSED, .needs = "SYS_ADMIN"},
    {"ns-pid", "a nested pid namespace", setup_pid, check_inhabitant, NULL, .fate = REFUSED,
     .needs = "SYS_ADMIN"},
    {"ns-user", "a nested user namespace", setup_user, check_inhabitant, NULL, .fate = REFUSED},
    {0},
};
