/* Kernel objects that few programs use. What CRIU cannot carry is here too: a move must be refused,
 * and the program go on unharmed. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/userfaultfd.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int fd;
static pid_t child;

static void idle(void *argument) {
  for (;;)
    pause();
}

static void setup_pidfd(int argc, char **argv) {
  child = spawn(idle, NULL);
  fd = (int)must(syscall(SYS_pidfd_open, child, 0));
}

static void check_pidfd(void) {
  must(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
  expect_alive(child);
}

static void finish_pidfd(void) {
  must(syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0));
  int status;
  must(waitpid(child, &status, 0));
  expect(WIFSIGNALED(status));
}

static aio_context_t ring;

static void setup_aio(int argc, char **argv) {
  if (syscall(SYS_io_setup, 16, &ring) < 0 && errno == ENOSYS)
    skip("this kernel has no AIO");
  fd = (int)must(open(scratch("file"), O_RDWR | O_CREAT, 0600));
  write_all(fd, "asynchronous", 12);
}

static void check_aio(void) {
  char text[12] = "";
  struct iocb job = {.aio_fildes = (uint32_t)fd,
                     .aio_lio_opcode = IOCB_CMD_PREAD,
                     .aio_buf = (uintptr_t)text,
                     .aio_nbytes = sizeof text};
  struct iocb *jobs[] = {&job};
  struct io_event event;
  expect_eq(syscall(SYS_io_submit, ring, 1, jobs), 1);
  expect_eq(syscall(SYS_io_getevents, ring, 1, 1, &event, NULL), 1);
  expect_eq(event.res, 12);
  expect(memcmp(text, "asynchronous", 12) == 0);
}

static void setup_uring(int argc, char **argv) {
  struct io_uring_params parameters = {0};
  fd = (int)syscall(SYS_io_uring_setup, 4, &parameters);
  if (fd < 0)
    skip("no io_uring here: %s", strerror(errno));
}

static void setup_uffd(int argc, char **argv) {
  fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
  if (fd < 0)
    skip("no userfaultfd here: %s", strerror(errno));
  struct uffdio_api api = {.api = UFFD_API};
  must(ioctl(fd, UFFDIO_API, &api));
}

/* Asks the kernel for its links and counts answers: the socket works. */
static void setup_netlink(int argc, char **argv) {
  fd = (int)must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
  const struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  must(bind(fd, (const struct sockaddr *)&address, sizeof address));
}

/* CRIU takes no netlink socket in the midst of an answer, and most of the time it is not. */
static void check_netlink(void) {
  static unsigned checks;
  if (checks++ % 20 != 0) return;
  struct {
    struct nlmsghdr header;
    struct rtgenmsg body;
  } question = {
      .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtgenmsg)),
                 .nlmsg_type = RTM_GETLINK,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .body = {.rtgen_family = AF_UNSPEC},
  };
  must(send(fd, &question, question.header.nlmsg_len, 0));
  char answer[65536];
  for (bool end = false; !end;) {
    ssize_t length = must(recv(fd, answer, sizeof answer, 0));
    for (struct nlmsghdr *h = (struct nlmsghdr *)answer; NLMSG_OK(h, (size_t)length);
         h = NLMSG_NEXT(h, length)) {
      expect(h->nlmsg_type != NLMSG_ERROR);
      end |= h->nlmsg_type == NLMSG_DONE;
    }
  }
}

static void setup_packet(int argc, char **argv) {
  fd = socket(AF_PACKET, SOCK_RAW, 0);
  if (fd < 0)
    skip("packet sockets need --cap-add NET_RAW: %s", strerror(errno));
}

static void check_packet(void) {
  int type;
  socklen_t length = sizeof type;
  must(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length));
  expect_eq(type, SOCK_RAW);
}

static void setup_raw(int argc, char **argv) {
  fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (fd < 0)
    skip("raw sockets need --cap-add NET_RAW: %s", strerror(errno));
}

/* A debugger and its tracee. */
static void setup_ptrace(int argc, char **argv) {
  child = spawn(idle, NULL);
  must(ptrace(PTRACE_SEIZE, child, NULL, NULL));
}

static void check_child(void) {
  expect_alive(child);
}

static void setup_device(int argc, char **argv) {
  fd = (int)must(open("/dev/urandom", O_RDONLY));
}

static void check_device(void) {
  char bytes[16];
  read_all(fd, bytes, sizeof bytes);
}

/* /proc files of itself and of a child that is gone. */
static int child_status;

static void setup_procfs(int argc, char **argv) {
  child = spawn(idle, NULL);
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/status", child);
  child_status = (int)must(open(path, O_RDONLY));
  fd = (int)must(open("/proc/self/status", O_RDONLY));
}

static void check_procfs(void) {
  char text[4096], wanted[32];
  ssize_t length = must(pread(child_status, text, sizeof text - 1, 0));
  text[length] = 0;
  snprintf(wanted, sizeof wanted, "Pid:\t%d\n", child);
  expect(strstr(text, wanted) != NULL);
  expect(pread(fd, text, sizeof text - 1, 0) > 0);
  expect_alive(child);
}

const struct workload odd_workloads[] = {
    {"pidfd", "a pidfd of a child", setup_pidfd, check_pidfd, finish_pidfd},
    {"aio", "a ring of kernel AIO", setup_aio, check_aio, NULL},
    {"io-uring", "an io_uring", setup_uring, NULL, NULL, .fate = REFUSED},
    {"userfaultfd", "a userfaultfd", setup_uffd, NULL, NULL, .fate = REFUSED},
    {"netlink", "a route netlink socket", setup_netlink, check_netlink, NULL},
    {"packet-socket", "a packet socket", setup_packet, check_packet, NULL, .needs = "NET_RAW"},
    {"raw-socket", "a raw ICMP socket", setup_raw, NULL, NULL, .needs = "NET_RAW"},
    {"ptrace", "a process that traces another", setup_ptrace, check_child, NULL, .fate = REFUSED},
    {"device", "an open device", setup_device, check_device, NULL},
    {"procfs", "open files of /proc", setup_procfs, check_procfs, NULL},
    {0},
};
