/* Pipes and named pipes, with bytes in them while the move happens. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IN_FLIGHT = 5000, STEP = 100, BIG_PIPE = 128 * 1024, CHAIN = 5 };

static int ends[2];
static uint64_t head, tail;

static void put(size_t length) {
  char buffer[IN_FLIGHT];
  pattern_fill(buffer, length, 1, tail);
  write_all(ends[1], buffer, length);
  tail += length;
}

static void take(size_t length) {
  char buffer[IN_FLIGHT];
  read_all(ends[0], buffer, length);
  pattern_check("pipe", buffer, length, 1, head);
  head += length;
}

static void check_stream(void) {
  int waiting;
  must(ioctl(ends[0], FIONREAD, &waiting));
  expect_eq(waiting, IN_FLIGHT);
  take(STEP);
  put(STEP);
}

static void finish_stream(void) {
  take(IN_FLIGHT);
  must(close(ends[1]));
  char byte;
  expect_eq(read(ends[0], &byte, 1), 0);
}

static void setup_pipe(int argc, char **argv) {
  must(pipe(ends));
  must(fcntl(ends[1], F_SETPIPE_SZ, BIG_PIPE));
  put(IN_FLIGHT);
}

static void check_pipe(void) {
  expect_eq(fcntl(ends[0], F_GETPIPE_SZ), BIG_PIPE);
  check_stream();
}

static void setup_fifo(int argc, char **argv) {
  const char *path = scratch("fifo");
  must(mkfifo(path, 0600));
  ends[0] = (int)must(open(path, O_RDONLY | O_NONBLOCK));
  ends[1] = (int)must(open(path, O_WRONLY));
  must(fcntl(ends[0], F_SETFL, 0));
  put(IN_FLIGHT);
}

static uint64_t capacity;

static void setup_full(int argc, char **argv) {
  must(pipe2(ends, O_NONBLOCK));
  char block[4096];
  for (;; capacity += sizeof block) {
    pattern_fill(block, sizeof block, 2, capacity);
    if (write(ends[1], block, sizeof block) < 0)
      break;
  }
  expect(capacity > 0 && errno == EAGAIN);
}

static void check_full(void) {
  expect(write(ends[1], "x", 1) < 0 && errno == EAGAIN);
}

static void finish_full(void) {
  char block[4096];
  for (uint64_t at = 0; at < capacity; at += sizeof block) {
    read_all(ends[0], block, sizeof block);
    pattern_check("full pipe", block, sizeof block, 2, at);
  }
  expect(read(ends[0], block, 1) < 0 && errno == EAGAIN);
}

static void setup_packets(int argc, char **argv) {
  must(pipe2(ends, O_DIRECT));
  for (char c = 'a'; c < 'f'; c++)
    write_all(ends[1], (char[]){c, c, c}, 3);
}

static void check_packets(void) {
  expect(fcntl(ends[1], F_GETFL) & O_DIRECT);
}

static void finish_packets(void) {
  for (char c = 'a'; c < 'f'; c++) {
    char buffer[64];
    expect_eq(read(ends[0], buffer, sizeof buffer), 3);
    expect_eq(buffer[0], c);
  }
}

/* A shell pipeline: every stage adds one to each number that passes. */
struct stage {
  int in, out;
};

static void relay(void *argument) {
  const struct stage *stage = argument;
  for (uint32_t number;;) {
    read_all(stage->in, &number, sizeof number);
    number++;
    write_all(stage->out, &number, sizeof number);
  }
}

static int feed, drain;
static uint32_t fed;
static pid_t stages[CHAIN];

static void setup_chain(int argc, char **argv) {
  int joint[2];
  must(pipe(joint));
  feed = joint[1];
  for (int i = 0; i < CHAIN; i++) {
    struct stage stage = {.in = joint[0]};
    must(pipe(joint));
    stage.out = joint[1];
    stages[i] = spawn(relay, &stage);
  }
  drain = joint[0];
  fed = 7;
  write_all(feed, &fed, sizeof fed);
}

static void check_chain(void) {
  uint32_t next = fed + 1000, found;
  write_all(feed, &next, sizeof next);
  read_all(drain, &found, sizeof found);
  expect_eq(found, fed + CHAIN);
  fed = next;
  for (int i = 0; i < CHAIN; i++)
    expect_alive(stages[i]);
}

const struct workload pipe_workloads[] = {
    {"pipe", "bytes waiting in a pipe of unusual size", setup_pipe, check_pipe, finish_stream},
    {"fifo", "bytes waiting in a named pipe", setup_fifo, check_stream, finish_stream},
    {"pipe-full", "a full pipe that does not block", setup_full, check_full, finish_full},
    {"pipe-packets", "a packet-mode pipe (O_DIRECT)", setup_packets, check_packets, finish_packets,
     .fate = REFUSED},
    {"pipeline", "five processes joined by pipes", setup_chain, check_chain, NULL},
    {0},
};
