/* The files a workload's stdio lives on, all inside the pod so that CRIU can carry them: DIR/stdout and DIR/stderr
 * (appended to), DIR/stdin (a FIFO), or a pty of the pod's own between stdin and stdout. Opened by /.pod/init, never
 * from outside.
 *
 * End of input. A FIFO reader sees end of file whenever no writer has it open, also before the first one came. So the
 * keeper (pid 1 or supervisor) holds a write end until the outside, having written everything, creates DIR/stdin.eof
 * and sends SIGWINCH to the keeper. With a tty there is no end of input: the outside writes the terminal's own ^D. */
#pragma once

#include "launch.h"

struct session {
  const char *directory;
  int in, out, err; /* what becomes the workload's 0, 1 and 2 */
  int fifo;         /* tty: read end of stdin, else the write end that holds it open; -1: none */
  int log;          /* tty: where the terminal's output goes */
  int master;       /* -1: no tty */
};

int session_open(struct session *session, const char *directory, const struct launch *launch, struct failure *why);

/* Closes what only the workload needs. */
void session_close_workload_side(struct session *session);

/* DIR/stdin.eof is there: lets the workload read end of file. True if something changed by it. */
bool session_end_input(struct session *session);

/* Gives the terminal the size in DIR/winsize ("ROWS COLUMNS"); false where there is no tty or no such file. */
bool session_resize(const struct session *session);
