/* `pod-init gate`: what a container engine's runtime finds under the name of criu when Podkit has the engine work.
 *
 * Without a socket a dump is answered as done and not made: the engine then writes an archive of all it knows of a
 * container but its processes, which run on. With one, a restore is held twice: before it begins, until the images are
 * there, and before the first instruction of what was restored, until the source has given it away. Whoever listens on
 * the socket may change the request. A lost connection ends the restore; CRIU then destroys what it has built.
 *
 * Frames on the socket: a length (4 bytes, this machine's order), a kind, and that many bytes. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "kdat.h"
#include "util.h"
#include "verbs.h"

enum { MAX_MESSAGE = 1 << 20, DUMP = 1, RESTORE = 2, NOTIFY = 6 };

/* CRIU opens both through /proc/PID/fd of this process; the request names these numbers. */
enum { IMAGES_FD = 100, WORK_FD = 101 };

enum kind {
  REQUEST = 'R',
  HELD = 'H',
  ENDED = 'E',
  IMAGES = 'I',
  WORK = 'W',
  ENVIRONMENT = 'P',
  KDAT = 'K',
  START = 'S',
  GO = 'G'
};

struct gate {
  const char *program, *socket; /* CRIU; where its orders come from, or NULL */
  int runtime, master, criu;    /* sockets */
  char kdat[4096];
};

static unsigned char message[MAX_MESSAGE], answer[MAX_MESSAGE];

static int parse_socket(int argc, char **argv) {
  uint64_t fd;
  if (argc != 2 || strcmp(argv[0], "swrk") != 0 || !parse_number(argv[1], 10, INT32_MAX, &fd)) return -1;
  return (int)fd;
}

static _Noreturn void become_criu(const char *program, int argc, char **argv) {
  char **words = xrealloc(NULL, (size_t)argc + 2, sizeof *words);
  words[0] = (char *)program;
  memcpy(words + 1, argv, ((size_t)argc + 1) * sizeof *words);
  execv(program, words);
  die_errno("%s", program);
}

/* A request and a notification both begin with their type. */
static int type_of(const unsigned char *data, ssize_t size) {
  return size >= 2 && data[0] == (1 << 3) ? data[1] : -1;
}

static bool is_post_restore(const unsigned char *data, ssize_t size) {
  static const char SCRIPT[] = "\x0a\x0cpost-restore";
  return type_of(data, size) == NOTIFY && memmem(data, (size_t)size, SCRIPT, sizeof SCRIPT - 1) != NULL;
}

/* One message of CRIU's with the descriptor that may come with it: a terminal's. */
static ssize_t pass(int from, int to) {
  union {
    char space[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
  } control;
  struct iovec data = {.iov_base = message, .iov_len = sizeof message};
  struct msghdr header = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t size = TEMP_FAILURE_RETRY(recvmsg(from, &header, MSG_CMSG_CLOEXEC));
  if (size <= 0 || (header.msg_flags & MSG_TRUNC) != 0) return -1;
  data.iov_len = (size_t)size;
  ssize_t sent = TEMP_FAILURE_RETRY(sendmsg(to, &header, MSG_NOSIGNAL));
  struct cmsghdr *first = CMSG_FIRSTHDR(&header);
  if (first != NULL && first->cmsg_type == SCM_RIGHTS) {
    int fd;
    memcpy(&fd, CMSG_DATA(first), sizeof fd);
    close(fd);
  }
  return sent == size ? size : -1;
}

static int tell(const struct gate *gate, enum kind kind, const void *data, size_t size) {
  unsigned char head[5] = {0, 0, 0, 0, (unsigned char)kind};
  uint32_t length = (uint32_t)size;
  memcpy(head, &length, sizeof length);
  return write_all(gate->master, head, sizeof head) < 0 ? -1 : write_all(gate->master, data, size);
}

static int read_all(int fd, unsigned char *to, size_t size) {
  while (size > 0) {
    ssize_t got = TEMP_FAILURE_RETRY(read(fd, to, size));
    if (got <= 0) return -1;
    to += got;
    size -= (size_t)got;
  }
  return 0;
}

/* The next order, its bytes in `message` with a zero after them; -1 if the connection is lost. */
static int order(const struct gate *gate, size_t *size) {
  unsigned char head[5];
  uint32_t length;
  if (read_all(gate->master, head, sizeof head) < 0) return -1;
  memcpy(&length, head, sizeof length);
  if (length >= sizeof message || read_all(gate->master, message, length) < 0) return -1;
  message[length] = '\0';
  *size = length;
  return head[4];
}

static void provide(const char *directory, int number) {
  cleanup_fd int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || dup3(fd, number, O_CLOEXEC) < 0) die_errno("%s", directory);
}

/* Returns the size of the request that is in `message` when everything is there. */
static size_t await_start(struct gate *gate) {
  while (true) {
    size_t size;
    const char *text = (const char *)message;
    switch (order(gate, &size)) {
      case IMAGES:
        provide(text, IMAGES_FD);
        break;
      case WORK:
        provide(text, WORK_FD);
        break;
      case ENVIRONMENT:
        if (putenv(xstrdup(text)) != 0) die_errno("environment");
        break;
      case KDAT:
        if (size >= sizeof gate->kdat) die("the directory's name is too long");
        memcpy(gate->kdat, text, size + 1);
        break;
      case START:
        return size;
      default:
        die("the restore was given up");
    }
  }
}

/* Not before the request has come: until then the runtime puts this process into the container's control group. */
static pid_t start_criu(struct gate *gate, char **argv) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) die_errno("socketpair");
  pid_t pid = fork();
  if (pid < 0) die_errno("fork");
  if (pid == 0) {
    struct failure why;
    if (gate->kdat[0] != '\0' && kdat_provide(gate->kdat, &why) < 0) die("%s", why.message);
    if (dup2(ends[1], gate->runtime) < 0) die_errno("dup2");
    become_criu(gate->program, 2, argv);
  }
  close(ends[1]);
  gate->criu = ends[0];
  return pid;
}

static int await_go(struct gate *gate, ssize_t size) {
  size_t ignored;
  return tell(gate, HELD, message, (size_t)size) < 0 || order(gate, &ignored) != GO ? -1 : 0;
}

/* Notifications are small: the runtime's consent is a field by itself. */
static bool consents(ssize_t size) {
  static const char SUCCESS[] = {3 << 3, 1};
  return memmem(answer, (size_t)size, SUCCESS, sizeof SUCCESS) != NULL;
}

/* CRIU and the runtime speak by turns. What the runtime answers to "post-restore" CRIU gets when the gate opens; a
 * runtime that does not consent has ended the restore before anybody was asked to open it. */
static int converse(struct gate *gate) {
  while (true) {
    ssize_t size = pass(gate->criu, gate->runtime);
    if (size < 0) return -1;
    if (type_of(message, size) != NOTIFY) return tell(gate, ENDED, message, (size_t)size);
    ssize_t answered = TEMP_FAILURE_RETRY(recv(gate->runtime, answer, sizeof answer, 0));
    if (answered <= 0) return -1;
    if (is_post_restore(message, size) && consents(answered) && await_go(gate, size) < 0) return -1;
    if (send(gate->criu, answer, (size_t)answered, MSG_NOSIGNAL) != answered) return -1;
  }
}

static void call(struct gate *gate) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(gate->socket) >= sizeof address.sun_path) die("%s: the name is too long", gate->socket);
  strcpy(address.sun_path, gate->socket);
  gate->master = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (gate->master < 0 || connect(gate->master, (struct sockaddr *)&address, sizeof address) < 0)
    die_errno("%s", gate->socket);
}

static int hold_restore(struct gate *gate, char **argv) {
  call(gate);
  ssize_t size = TEMP_FAILURE_RETRY(recv(gate->runtime, message, sizeof message, 0));
  if (size <= 0 || tell(gate, REQUEST, message, (size_t)size) < 0) die_errno("the runtime's request");
  size_t request = await_start(gate);
  pid_t criu = start_criu(gate, argv);
  if (send(gate->criu, message, request, MSG_NOSIGNAL) < 0) die_errno("criu");
  int done = converse(gate), ending;
  close(gate->criu); /* CRIU undoes what it has not let go */
  if (TEMP_FAILURE_RETRY(waitpid(criu, &ending, 0)) < 0) die_errno("criu");
  return done == 0 && WIFEXITED(ending) ? WEXITSTATUS(ending) : 1;
}

static int skip_dump(int runtime) {
  static const unsigned char DONE[] = {1 << 3, DUMP, 2 << 3, 1}; /* type, success */
  if (recv(runtime, message, sizeof message, 0) < 0 || send(runtime, DONE, sizeof DONE, MSG_NOSIGNAL) < 0)
    die_errno("the runtime's request");
  return 0;
}

static const struct option OPTIONS[] = {
    {"criu", required_argument, NULL, 'c'}, {"socket", required_argument, NULL, 's'}, {0}};

int verb_gate(int argc, char **argv) {
  struct gate gate = {0};
  int key;
  while ((key = getopt_long(argc, argv, "+", OPTIONS, NULL)) != -1)
    switch (key) {
      case 'c':
        gate.program = optarg;
        break;
      case 's':
        gate.socket = optarg;
        break;
      default:
        return 2;
    }
  if (gate.program == NULL) die("--criu PATH is wanted");
  argc -= optind;
  argv += optind;
  gate.runtime = parse_socket(argc, argv);
  int wanted = gate.socket == NULL ? DUMP : RESTORE;
  ssize_t size = gate.runtime < 0 ? -1 : TEMP_FAILURE_RETRY(recv(gate.runtime, message, sizeof message, MSG_PEEK));
  if (size < 0 || type_of(message, size) != wanted) become_criu(gate.program, argc, argv);
  return wanted == DUMP ? skip_dump(gate.runtime) : hold_restore(&gate, argv);
}
