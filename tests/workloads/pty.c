/* Terminals that the pod opens itself: both ends travel. */
#include "workload.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int master;
static pid_t shell;
static struct winsize size = {.ws_row = 33, .ws_col = 111};

static void open_master(void) {
  master = (int)must(open("/dev/ptmx", O_RDWR | O_NOCTTY));
  must(grantpt(master));
  must(unlockpt(master));
}

/* On the slave side: a session of its own that answers every line in capitals. */
static void answer(void *argument) {
  const char *path = argument;
  must(setsid());
  int tty = (int)must(open(path, O_RDWR));
  must(ioctl(tty, TIOCSCTTY, 0));
  for (char line[128];;) {
    ssize_t length = must(read(tty, line, sizeof line));
    expect(length > 0 && line[length - 1] == '\n');
    for (ssize_t i = 0; i < length; i++)
      line[i] = (char)toupper(line[i]);
    expect_eq(tcgetpgrp(tty), getpgrp());
    write_all(tty, line, (size_t)length);
  }
}

static void setup_pty(int argc, char **argv) {
  open_master();
  struct termios t;
  must(tcgetattr(master, &t));
  t.c_lflag &= (tcflag_t)~ECHO;
  t.c_oflag &= (tcflag_t)~OPOST;
  t.c_cc[VQUIT] = 'Q' - '@';
  must(tcsetattr(master, TCSANOW, &t));
  must(ioctl(master, TIOCSWINSZ, &size));
  shell = spawn(answer, ptsname(master));
}

static void check_pty(void) {
  char line[32], reply[32];
  int length = snprintf(line, sizeof line, "hello %ld\n", now_ms());
  write_all(master, line, (size_t)length);
  read_all(master, reply, (size_t)length);
  for (int i = 0; i < length; i++)
    expect_eq(reply[i], toupper(line[i]));
  struct termios t;
  must(tcgetattr(master, &t));
  expect(!(t.c_lflag & ECHO) && !(t.c_oflag & OPOST) && t.c_cc[VQUIT] == 'Q' - '@');
  struct winsize found;
  must(ioctl(master, TIOCGWINSZ, &found));
  expect_eq(found.ws_row, size.ws_row);
  expect_eq(found.ws_col, size.ws_col);
  expect_alive(shell);
}

/* Bytes that sit in the terminal's buffers, unread on both sides. */
static int slave;

static void setup_buffered(int argc, char **argv) {
  open_master();
  slave = (int)must(open(ptsname(master), O_RDWR | O_NOCTTY));
  struct termios t;
  must(tcgetattr(slave, &t));
  cfmakeraw(&t);
  must(tcsetattr(slave, TCSANOW, &t));
  write_all(master, "typed ahead", 11);
  write_all(slave, "not shown yet", 13);
}

static void finish_buffered(void) {
  char text[16];
  read_all(slave, text, 11);
  expect(memcmp(text, "typed ahead", 11) == 0);
  read_all(master, text, 13);
  expect(memcmp(text, "not shown yet", 13) == 0);
}

const struct workload pty_workloads[] = {
    {"pty", "a terminal with a session, odd settings and a size", setup_pty, check_pty, NULL},
    {"pty-buffered", "bytes waiting inside a terminal", setup_buffered, NULL, finish_buffered},
    {0},
};
