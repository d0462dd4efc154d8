/* What the shell tests run inside pods: one static program, so that a pod needs no image. Output is one fact a line. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void nap(long milliseconds) {
  struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
  while (nanosleep(&time, &time) < 0 && errno == EINTR) {
  }
}

static int do_exit(char **args) {
  return atoi(args[0]);
}

static int do_kill(char **args) {
  raise(atoi(args[0]));
  pause();
  return 99;
}

static int do_wait(char **args) {
  (void)args;
  puts("ready");
  while (pause() < 0) {
  }
  return 0;
}

/* Copies lines from stdin, then says that it ended. */
static int do_cat(char **args) {
  char line[256];
  (void)args;
  while (fgets(line, sizeof line, stdin) != NULL)
    printf("got %s", line);
  puts("eof");
  return 0;
}

static int do_identity(char **args) {
  gid_t groups[16];
  char line[256];
  (void)args;
  printf("uid %d gid %d groups", (int)getuid(), (int)getgid());
  int count = getgroups(16, groups);
  for (int i = 0; i < count; i++)
    printf(" %d", (int)groups[i]);
  printf("\nnnp %d umask %03o\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), (unsigned)umask(022));
  FILE *status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(line, sizeof line, status) != NULL)
    if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "SigBlk", 6) == 0 || strncmp(line, "SigIgn", 6) == 0)
      fputs(line, stdout);
  return 0;
}

/* Leaves N zombies to pid 1, waits until they are gone. */
static int do_orphans(char **args) {
  int count = atoi(args[0]);
  for (int i = 0; i < count; i++) {
    pid_t child = fork();
    if (child == 0) {
      if (fork() == 0) _exit(0);
      _exit(0);
    }
    waitpid(child, NULL, 0);
  }
  for (int tries = 0; tries < 100; tries++) {
    int left = 0;
    DIR *proc = opendir("/proc");
    for (struct dirent *entry; (entry = readdir(proc)) != NULL;)
      left += atoi(entry->d_name) > 0;
    closedir(proc);
    if (left == 2) return puts("reaped") < 0; /* pid 1 and this */
    nap(20);
  }
  return puts("zombies are left") >= 0;
}

static volatile sig_atomic_t last_signal;

static void note(int signal) {
  last_signal = signal;
}

/* Names every signal that comes; ends on SIGQUIT. */
static int do_signals(char **args) {
  static const int watched[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};
  struct sigaction action = {.sa_handler = note};
  sigset_t blocked, before;
  (void)args;
  sigemptyset(&blocked);
  for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
    sigaddset(&blocked, watched[i]);
    sigaction(watched[i], &action, NULL);
  }
  sigprocmask(SIG_BLOCK, &blocked, &before);
  puts("ready");
  do {
    sigsuspend(&before);
    printf("signal %d\n", (int)last_signal);
  } while (last_signal != SIGQUIT);
  return 7;
}

static void show_window(void) {
  struct winsize window = {0};
  ioctl(0, TIOCGWINSZ, &window);
  printf("window %d %d\n", window.ws_row, window.ws_col);
}

static int do_tty(char **args) {
  struct sigaction action = {.sa_handler = note}; /* without SA_RESTART: fgets comes back */
  char line[256];
  (void)args;
  sigaction(SIGWINCH, &action, NULL);
  printf("tty %d %d %d, controlling %d\n", isatty(0), isatty(1), isatty(2), tcgetpgrp(0) == getpgrp());
  show_window();
  for (;;) {
    if (fgets(line, sizeof line, stdin) != NULL)
      printf("got %s", line);
    else if (errno == EINTR && last_signal == SIGWINCH)
      show_window();
    else
      return puts("eof") < 0;
    clearerr(stdin);
    errno = 0;
  }
}

/* Opens its stdout anew, as servers do that log to /dev/stdout. */
static int do_reopen(char **args) {
  int fd = open(args[0], O_WRONLY | O_APPEND);
  if (fd < 0) return printf("reopen: %s\n", strerror(errno)) >= 0;
  dprintf(fd, "reopened as %d\n", (int)getuid());
  return 0;
}

static int do_touch(char **args) {
  int fd = open(args[0], O_WRONLY | O_CREAT, 0644);
  printf("touch %s\n", fd < 0 ? strerror(errno) : "done");
  return 0;
}

static int do_env(char **args) {
  const char *value = getenv(args[0]);
  char host[65] = "", cwd[256] = "";
  gethostname(host, sizeof host);
  printf("env %s\nhost %s\ncwd %s\n", value == NULL ? "(none)" : value, host, getcwd(cwd, sizeof cwd));
  return 0;
}

/* Counts up, from memory: a restore that lost any would be seen. */
static int do_count(char **args) {
  (void)args;
  for (unsigned count = 1; printf("count %u\n", count) > 0; count++)
    nap(20);
  return 1;
}

/* Promises to see to a pod's end; a line "done" on stdin says that it has been, end of file that it has not. */
static int do_attend(char **args) {
  char line[8] = "";
  int fd = open(args[0], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fd < 0 || fcntl(fd, F_SETLK, &whole) < 0) return 1;
  puts("locked");
  if (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "done\n") == 0) return unlink(args[0]) < 0;
  return 0;
}

/* Listens on a port of both families, and accepts a connection for each line on stdin. */
static int do_listen(char **args) {
  char line[8];
  struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)atoi(args[0]))};
  int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof any) < 0 || listen(fd, 8) < 0) return 1;
  puts("listening");
  while (fgets(line, sizeof line, stdin) != NULL)
    if (accept(fd, NULL, NULL) < 0) return 1;
  return 0;
}

static const struct {
  const char *name;
  int (*run)(char **args);
  int arguments;
} TOOLS[] = {
    {"exit", do_exit, 1},         {"kill", do_kill, 1},       {"wait", do_wait, 0}, {"cat", do_cat, 0},
    {"identity", do_identity, 0}, {"orphans", do_orphans, 1}, {"tty", do_tty, 0},   {"signals", do_signals, 0},
    {"reopen", do_reopen, 1},     {"touch", do_touch, 1},     {"env", do_env, 1},   {"count", do_count, 0},
    {"attend", do_attend, 1},     {"listen", do_listen, 1},
};

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (size_t i = 0; argc > 1 && i < sizeof TOOLS / sizeof *TOOLS; i++)
    if (strcmp(argv[1], TOOLS[i].name) == 0 && argc - 2 == TOOLS[i].arguments) return TOOLS[i].run(argv + 2);
  return 98;
}
