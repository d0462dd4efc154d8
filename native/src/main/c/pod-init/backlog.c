#include "backlog.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sched.h>
#include <sys/socket.h>

#include "util.h"

enum { TCP_LISTEN_STATE = 10, ANSWER = 32 * 1024 }; /* the state is that of net/tcp_states.h */

int backlog_open(pid_t pid, struct failure *why) {
  cleanup_free char *path = xasprintf("/proc/%d/ns/net", pid);
  cleanup_fd int namespace = open(path, O_RDONLY | O_CLOEXEC);
  if (namespace < 0 || setns(namespace, CLONE_NEWNET) < 0) return fail(why, "network", errno, "entering %s", path);
  int diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (diag < 0) return fail(why, "network", errno, "NETLINK_SOCK_DIAG");
  return diag;
}

static int ask(int diag, uint8_t family, struct failure *why) {
  const struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 query;
  } request = {
      .header = {.nlmsg_len = sizeof request,
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .query = {.sdiag_family = family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1U << TCP_LISTEN_STATE}};
  if (send(diag, &request, sizeof request, 0) < 0) return fail(why, "network", errno, "asking for listeners");
  return 0;
}

/* Adds what one message tells to the count. */
static void take(const struct nlmsghdr *message, struct backlog found[static BACKLOGS_TOLD], int *count) {
  const struct inet_diag_msg *listener = NLMSG_DATA(message);
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof *listener) || listener->idiag_rqueue == 0) return;
  if (*count < BACKLOGS_TOLD) found[*count] = (struct backlog){ntohs(listener->id.idiag_sport), listener->idiag_rqueue};
  ++*count;
}

/* The listeners of one family. */
static int read_family(int diag, uint8_t family, struct backlog found[static BACKLOGS_TOLD], int *count,
                       struct failure *why) {
  union {
    struct nlmsghdr aligned;
    char bytes[ANSWER];
  } answer;
  if (ask(diag, family, why) < 0) return -1;
  while (true) {
    ssize_t size = recv(diag, &answer, sizeof answer, 0);
    if (size < 0) return fail(why, "network", errno, "reading the listeners");
    unsigned left = (unsigned)size;
    for (const struct nlmsghdr *message = &answer.aligned; NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return 0;
      if (message->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *error = NLMSG_DATA(message);
        return fail(why, "network", -error->error, "the kernel does not tell the listeners");
      }
      take(message, found, count);
    }
  }
}

int backlog_read(int diag, struct backlog found[static BACKLOGS_TOLD], struct failure *why) {
  int count = 0;
  if (read_family(diag, AF_INET, found, &count, why) < 0 || read_family(diag, AF_INET6, found, &count, why) < 0)
    return -1;
  return count;
}
