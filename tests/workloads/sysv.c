/* System V IPC and POSIX message queues: objects that belong to the namespace, not to a process. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

enum { SEGMENT = 256 * 1024, SEMAPHORES = 4, MESSAGES = 8 };

static int id;
static uint8_t *segment;
static uint32_t round_number;

/* Own keys, so that all workloads can run in one pod. */
enum { SHM_KEY = 0x706f6400, DETACHED_KEY, SEM_KEY, UNDO_KEY, MSG_KEY };

static void make_segment(int key) {
  id = (int)must(shmget(key, SEGMENT, IPC_CREAT | IPC_EXCL | 0640));
  segment = shmat(id, NULL, 0);
  expect(segment != (void *)-1);
  pattern_fill(segment, SEGMENT, round_number, 0);
}

static void setup_shm(int argc, char **argv) {
  make_segment(SHM_KEY);
}

static void check_shm(void) {
  expect_eq(shmget(SHM_KEY, SEGMENT, 0), id);
  struct shmid_ds info;
  must(shmctl(id, IPC_STAT, &info));
  expect_eq(info.shm_perm.mode & 0777, 0640);
  expect_eq(info.shm_nattch, 1);
  pattern_check("segment", segment, SEGMENT, round_number, 0);
  pattern_fill(segment, SEGMENT, ++round_number, 0);
}

/* A segment nobody has attached: only the namespace keeps it. */
static void setup_detached(int argc, char **argv) {
  make_segment(DETACHED_KEY);
  must(shmdt(segment));
}

static void finish_detached(void) {
  expect_eq(shmget(DETACHED_KEY, SEGMENT, 0), id);
  segment = shmat(id, NULL, SHM_RDONLY);
  expect(segment != (void *)-1);
  pattern_check("segment", segment, SEGMENT, 0, 0);
}

static pid_t waiter;
static int *passes;

static void wait_for_semaphore(void *argument) {
  for (;;) {
    struct sembuf down = {.sem_num = 0, .sem_op = -1};
    while (semop(id, &down, 1) < 0)
      expect(errno == EINTR); /* semop(2) is never restarted, not even after a stop */
    __sync_fetch_and_add(passes, 1);
  }
}

static void setup_sem(int argc, char **argv) {
  passes = shared_memory(sizeof *passes);
  id = (int)must(semget(SEM_KEY, SEMAPHORES, IPC_CREAT | IPC_EXCL | 0600));
  unsigned short values[SEMAPHORES] = {0, 11, 22, 33};
  must(semctl(id, 0, SETALL, values));
  waiter = spawn(wait_for_semaphore, NULL);
}

static void check_sem(void) {
  for (int i = 1; i < SEMAPHORES; i++)
    expect_eq(semctl(id, i, GETVAL), 11 * i);
  int before = *passes;
  struct sembuf up = {.sem_num = 0, .sem_op = 1};
  must(semop(id, &up, 1));
  for (long end = now_ms() + 5000; *(volatile int *)passes == before; sleep_ms(1)) {
    expect_alive(waiter);
    expect(now_ms() < end);
  }
}

/* A semaphore that must go up by itself when its holder dies. */
static void setup_sem_undo(int argc, char **argv) {
  id = (int)must(semget(UNDO_KEY, 1, IPC_CREAT | IPC_EXCL | 0600));
  must(semctl(id, 0, SETVAL, 1));
  struct sembuf down = {.sem_num = 0, .sem_op = -1, .sem_flg = SEM_UNDO};
  if (fork() == 0) {
    must(semop(id, &down, 1));
    pause();
    _exit(0);
  }
  for (long end = now_ms() + 5000; semctl(id, 0, GETVAL) != 0; sleep_ms(1))
    expect(now_ms() < end);
  waiter = (pid_t)must(semctl(id, 0, GETPID));
}

static void finish_sem_undo(void) {
  must(kill(waiter, SIGKILL));
  for (long end = now_ms() + 3000; semctl(id, 0, GETVAL) != 1; sleep_ms(1))
    expect(now_ms() < end);
}

struct message {
  long type;
  char text[32];
};

static void setup_msg(int argc, char **argv) {
  id = (int)must(msgget(MSG_KEY, IPC_CREAT | IPC_EXCL | 0600));
  for (int i = 0; i < MESSAGES; i++) {
    struct message m = {.type = 1 + i % 2};
    snprintf(m.text, sizeof m.text, "message %d", i);
    must(msgsnd(id, &m, sizeof m.text, 0));
  }
}

static void check_msg(void) {
  struct msqid_ds info;
  must(msgctl(id, IPC_STAT, &info));
  expect_eq(info.msg_qnum, MESSAGES);
}

static void finish_msg(void) {
  for (int type = 1; type <= 2; type++)
    for (int i = type - 1; i < MESSAGES; i += 2) {
      struct message m;
      char wanted[32];
      must(msgrcv(id, &m, sizeof m.text, type, IPC_NOWAIT));
      snprintf(wanted, sizeof wanted, "message %d", i);
      expect(strcmp(m.text, wanted) == 0);
    }
}

static mqd_t queue;

static void setup_mqueue(int argc, char **argv) {
  struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 64};
  queue = mq_open("/podkit", O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
  must(queue);
  must(mq_send(queue, "waiting", 7, 5));
}

static void finish_mqueue(void) {
  char text[64];
  unsigned priority;
  expect_eq(mq_receive(queue, text, sizeof text, &priority), 7);
  expect_eq(priority, 5);
}

const struct workload sysv_workloads[] = {
    {"sysv-shm", "a System V segment", setup_shm, check_shm, NULL},
    {"sysv-shm-detached", "a System V segment that nobody has attached", setup_detached, NULL,
     finish_detached},
    {"sysv-sem", "System V semaphores and someone who waits for one", setup_sem, check_sem, NULL},
    {"sysv-sem-undo", "a semaphore to be undone at its holder's death", setup_sem_undo, NULL,
     finish_sem_undo, .fate = LOST},
    {"sysv-msg", "System V messages that wait", setup_msg, check_msg, finish_msg},
    {"mqueue", "a POSIX message queue with a message", setup_mqueue, NULL, finish_mqueue,
     .fate = REFUSED},
    {0},
};
