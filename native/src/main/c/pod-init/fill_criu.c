/* What `criu restore --lazy-pages` sends: for each task its vpid, then a byte with its userfaultfd; a negative vpid for
 * a zombie, which has none; at the end RESTORE_FINISHED. */
#include <string.h>
#include <sys/socket.h>

#include "filler.h"

#define RESTORE_FINISHED UINT32_C(0x52535446)

void fill_criu_accept(struct filler *filler) {
  struct fill_state *state = filler->state;
  int fd = accept4(state->criu_listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  settle();
  if (state->criu >= 0 || state->finished || state->failed) {
    close(fd);
    return;
  }
  state->criu = fd;
  fill_watch(filler, fd, WATCH_CRIU, 0);
}

/* The descriptors stay: their processes block until whoever started the restore has killed them. */
static void give_up(struct filler *filler, const char *what) {
  if (!filler->state->finished) {
    fill_tell_error(filler, "restore: %s", what);
    filler->state->failed = true;
    settle();
  }
  fill_close(filler, &filler->state->criu);
}

static bool known(const struct fill_state *state, uint32_t vpid) {
  for (uint32_t i = 0; i < state->top; i++)
    if (state->spaces[i].phase != SPACE_FREE && !state->spaces[i].forked && state->spaces[i].vpid == vpid) return true;
  return false;
}

static void take_vpid(struct filler *filler) {
  struct fill_state *state = filler->state;
  struct parcel *parcel = &state->parcel;
  if ((uint32_t)parcel->vpid == RESTORE_FINISHED) {
    state->finished = true;
    fill_tell(filler, "finished");
    fill_go_alone(filler);
    fill_sweep_again(filler);
  } else if (parcel->vpid > 0) {
    memset(parcel->control, 0, sizeof parcel->control);
    settle();
    parcel->wants_descriptor = true;
    return;
  }
  settle();
  parcel->vpid = 0;
}

static int descriptor(const struct parcel *parcel) {
  int fd;
  memcpy(&fd, parcel->control + CMSG_LEN(0), sizeof fd);
  return fd;
}

static void take_descriptor(struct filler *filler) {
  struct fill_state *state = filler->state;
  struct parcel *parcel = &state->parcel;
  uint32_t vpid = (uint32_t)parcel->vpid, index = fill_state_free_space(state);
  if (index >= FILL_SPACES) {
    fill_tell_error(filler, "more than %d processes", FILL_SPACES);
    state->stuck = true;
  } else if (!known(state, vpid)) {
    state->spaces[index] = (struct space){.uffd = descriptor(parcel), .vpid = vpid, .task = UINT32_MAX};
    if (state->top <= index) state->top = index + 1;
    fill_tell(filler, "task %u", vpid);
    settle();
    state->spaces[index].phase = SPACE_LIVE;
    fill_admit(filler, index);
  }
  settle();
  parcel->wants_descriptor = false;
  settle();
  parcel->vpid = 0;
}

void fill_finish_parcel(struct filler *filler) {
  struct parcel *parcel = &filler->state->parcel;
  if (parcel->wants_descriptor) {
    if (descriptor(parcel) > 0) take_descriptor(filler);
  } else if (parcel->vpid != 0) {
    take_vpid(filler);
  }
}

static ssize_t read_descriptor(int socket, struct parcel *parcel) {
  char byte;
  struct iovec data = {.iov_base = &byte, .iov_len = 1};
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = parcel->control, .msg_controllen = sizeof parcel->control};
  ssize_t got = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got == 1 && descriptor(parcel) <= 0) {
    errno = EPROTO;
    return -1;
  }
  return got;
}

void fill_criu_read(struct filler *filler) {
  struct parcel *parcel = &filler->state->parcel;
  while (filler->state->criu >= 0) {
    bool descriptor_next = parcel->wants_descriptor;
    ssize_t wanted = descriptor_next ? 1 : (ssize_t)sizeof parcel->vpid;
    ssize_t got = descriptor_next ? read_descriptor(filler->state->criu, parcel)
                                  : recv(filler->state->criu, &parcel->vpid, sizeof parcel->vpid, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    settle();
    if (got == wanted)
      descriptor_next ? take_descriptor(filler) : take_vpid(filler);
    else
      give_up(filler, got == 0 ? "CRIU has closed the connection" : "CRIU sent what was not understood");
  }
}
