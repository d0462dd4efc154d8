#include "relay.h"

void relay_poll(const struct relay *relay, struct pollfd fds[2]) {
  bool typed = relay->end > relay->start;
  fds[0] = (struct pollfd){.fd = relay->session->master, .events = (short)(typed ? POLLIN | POLLOUT : POLLIN)};
  /* One buffer at a time: what the terminal does not take must wait in the FIFO, where it slows the writer down. */
  fds[1] = (struct pollfd){.fd = typed || relay->session->master < 0 ? -1 : relay->session->fifo, .events = POLLIN};
}

/* False when nothing is there (any more). A full file system loses output; it must not stop the workload. */
static bool move_output(const struct relay *relay) {
  char bytes[4096];
  ssize_t got = TEMP_FAILURE_RETRY(read(relay->session->master, bytes, sizeof bytes));
  if (got <= 0) return false;
  (void)!write_all(relay->session->log, bytes, (size_t)got);
  return true;
}

static void take_typed(struct relay *relay) {
  ssize_t got = TEMP_FAILURE_RETRY(read(relay->session->fifo, relay->pending, sizeof relay->pending));
  relay->start = 0;
  relay->end = got > 0 ? (size_t)got : 0;
}

static void give_typed(struct relay *relay) {
  ssize_t written =
      TEMP_FAILURE_RETRY(write(relay->session->master, relay->pending + relay->start, relay->end - relay->start));
  if (written > 0)
    relay->start += (size_t)written;
  else if (errno != EAGAIN)
    relay->start = relay->end;
}

void relay_move(struct relay *relay, const struct pollfd fds[2]) {
  if (fds[0].revents & (POLLIN | POLLHUP)) move_output(relay);
  if (fds[1].revents & POLLIN) take_typed(relay);
  if (relay->end > relay->start) give_typed(relay);
}

void relay_drain(const struct relay *relay) {
  if (relay->session->master < 0) return;
  while (move_output(relay)) {
  }
}
