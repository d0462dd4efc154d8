#include "sync.h"

#include <string.h>
#include <sys/socket.h>

struct message {
  uint32_t type;
  struct failure failure; /* for SYNC_FAILED */
};

int sync_pair(int ends[2], struct failure *why) {
  int on = 1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return fail(why, "clone", errno, "socketpair");
  if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0) return fail(why, "clone", errno, "SO_PASSCRED");
  return 0;
}

static int send_message(int fd, const struct message *message) {
  ssize_t sent = TEMP_FAILURE_RETRY(send(fd, message, sizeof *message, MSG_NOSIGNAL));
  return sent == (ssize_t)sizeof *message ? 0 : -1;
}

int sync_send(int fd, enum sync_type type) {
  struct message message = {.type = type};
  return send_message(fd, &message);
}

int sync_send_failure(int fd, const struct failure *why) {
  struct message message = {.type = SYNC_FAILED, .failure = *why};
  return send_message(fd, &message);
}

static pid_t credentials_of(struct msghdr *header) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part != NULL; part = CMSG_NXTHDR(header, part))
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_CREDENTIALS) {
      struct ucred credentials;
      memcpy(&credentials, CMSG_DATA(part), sizeof credentials);
      return credentials.pid;
    }
  return 0;
}

int sync_expect(int fd, enum sync_type type, pid_t *sender, struct failure *why) {
  struct message message;
  union {
    char bytes[CMSG_SPACE(sizeof(struct ucred))];
    struct cmsghdr align;
  } control;
  struct iovec data = {.iov_base = &message, .iov_len = sizeof message};
  struct msghdr header = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control};
  ssize_t got = TEMP_FAILURE_RETRY(recvmsg(fd, &header, MSG_CMSG_CLOEXEC));
  if (got < 0) return fail(why, "sync", errno, "reading from the other side");
  if (got != (ssize_t)sizeof message) return fail(why, "sync", ECONNRESET, "the other side has died");
  if (message.type == SYNC_FAILED) {
    *why = message.failure;
    why->stage[sizeof why->stage - 1] = '\0';
    why->message[sizeof why->message - 1] = '\0';
    return -1;
  }
  if (message.type != type) return fail(why, "sync", EPROTO, "message %u in place of %d", message.type, (int)type);
  if (sender != NULL) *sender = credentials_of(&header);
  return 0;
}
