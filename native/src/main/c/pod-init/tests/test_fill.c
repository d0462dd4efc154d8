/* `pod-init fill` against processes that do to their memory what processes do, while it and its helpers are killed. */
#include "filled_pods.h"

static void live_quietly(void) {
  for (int i = 0; i < 2000; i++)
    check_page(choose(PAGES));
  usleep(100000);
  check_all();
}

static void live_stormily(void) {
  storm(3000, 2, 0);
  check_all();
}

static void live_briefly(void) {
  storm(1500, 1, 0);
  check_all();
}

static void live_long(void) {
  storm(3000, 2, 2000);
  check_all();
}

/* Whether the slots that no task has still hold what the agent may want to read. */
static bool others_intact(void) {
  char path[128];
  size_t bytes = (size_t)TASKS * PAGES * PAGE;
  path_of(path, sizeof path, "store");
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  const uint64_t *store = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (store == MAP_FAILED) die_errno("%s", path);
  uint32_t wrong = 0;
  for (uint32_t slot = 0; slot < TASKS * PAGES; slot++) {
    uint32_t at = slot % PAGES, page = at / 100 % 2 == 0 ? at : at / 100 * 100 + 99 - at % 100;
    wrong += restored(page) == 0 && store[(size_t)slot * PAGE / 8] != word_of(NO_TASKS, 0);
  }
  munmap((void *)store, bytes);
  return wrong == 0;
}

static void test_plain(void) {
  set_up(live_quietly, NULL);
  finish_restore();
  is(hear_of("finished"), "finished", "told that CRIU has finished");
  ask_pids();
  usleep(50000);
  say("go");
  ok(strncmp(hear_of("done"), "done ", 5) == 0, "told that it is done");
  char path[128];
  struct stat store;
  path_of(path, sizeof path, "store");
  ok(stat(path, &store) == 0 && store.st_blocks * 512 < store.st_size / 2, "most of the store is given back by then");
  conclude("every page is what it was");
}

static void live_wholly(void) {
  check_all();
}

/* Shared memory is filled by the agent, out of the same store, while tasks fault already. */
static void test_faults_before_go(void) {
  set_up(live_wholly, NULL);
  finish_restore();
  ask_pids();
  ok(strncmp(hear_of("done"), "done ", 5) == 0, "done by faults alone");
  ok(others_intact(), "until go the store keeps what the agent may want to read");
  conclude("every page is what it was");
}

static void test_early_go(void) {
  make_files();
  start_filler();
  say("go");
  start_pods(live_stormily);
  ask_pids();
  say("load");
  usleep(20000);
  finish_restore();
  conclude("load and go whenever they come; forks, moves, discards and unmaps while it fills");
}

/* What is not here yet, and comes when it is asked for, or in the end. */
static uint32_t later[TASKS][PAGES];

static void withhold(void) {
  memcpy(later, file->slots, sizeof later);
  for (uint32_t task = 0; task < TASKS; task++)
    for (uint32_t page = 0; page < PAGES; page++)
      if (page % 40 < 25) file->slots[task][page] = FILL_REMOTE;
}

static void deliver(uint32_t task, uint32_t page, uint64_t pages) {
  for (uint64_t i = 0; i < pages && page + i < PAGES; i++)
    __atomic_store_n(&file->slots[task][page + i], later[task][page + i], __ATOMIC_RELEASE);
}

struct wish {
  uint32_t task, page;
  uint64_t pages;
};

/* Whether it is a sensible one. */
static bool understand(const char *want, struct wish *wish) {
  unsigned vpid;
  unsigned long long address, pages;
  if (sscanf(want, "want %u %llx %llu", &vpid, &address, &pages) != 3 || pages == 0) return false;
  uint64_t page = address >= BASE2 ? FIRST + (address - BASE2) / PAGE : (address - BASE) / PAGE;
  if (page >= PAGES) return false;
  *wish = (struct wish){vpid == VPIDS[1], (uint32_t)page, pages};
  return true;
}

static bool grant(const char *want) {
  struct wish wish;
  if (!understand(want, &wish)) return false;
  deliver(wish.task, wish.page, wish.pages);
  char here[128];
  snprintf(here, sizeof here, "here%s", want + strlen("want"));
  say(wish.page % 2 == 0 ? here : "here 1");
  return true;
}

/* Whether somebody waits for it still: a parent and its child may have wanted the same. */
static bool open_still(const char *want) {
  struct wish wish;
  return understand(want, &wish) && file->slots[wish.task][wish.page] == FILL_REMOTE;
}

/* Whether it asks again for what was forgotten: from the same page on, and as far, unless what follows has come since.
 * A parent and its child that fault close to each other want ranges that overlap; one may be granted, not the other. */
static bool repeats(const char *want, const char *forgotten) {
  struct wish wish, before;
  if (!understand(want, &wish) || !understand(forgotten, &before)) return false;
  if (wish.task != before.task || wish.page != before.page || wish.pages > before.pages) return false;
  return wish.pages == before.pages || file->slots[wish.task][wish.page + wish.pages] != FILL_REMOTE;
}

static void reconnect(void) {
  close(agent);
  agent = dial("fill.socket", SOCK_SEQPACKET);
}

static void test_remote(void) {
  set_up(live_stormily, withhold);
  ask_pids();
  /* It has skipped what was wanted by then. */
  reconnect();
  finish_restore();
  say("go");
  int wants = 0, wrong_wants = 0, repeated = 0;
  bool again = true;
  for (const char *text = hear(PATIENCE_MS); wants < 200 && text[0] != '\0'; text = hear(PATIENCE_MS)) {
    if (strncmp(text, "want ", 5) != 0) continue;
    wants++;
    if (wants >= 20 * (repeated + 1) && open_still(text)) {
      /* Forgotten, by an agent that dies; its successor is asked for all that is missing. */
      char forgotten[64];
      snprintf(forgotten, sizeof forgotten, "%s", text);
      reconnect();
      again = false;
      while (!again && (text = hear(PATIENCE_MS))[0] != '\0') {
        again = repeats(text, forgotten);
        if (strncmp(text, "want ", 5) == 0) grant(text);
      }
      if (!again) break;
      repeated++;
    } else if (!grant(text)) {
      wrong_wants++;
    }
    if (wants % 32 == 0) {
      /* Another connection, so that nothing is missed that was said to this one. */
      kill(worker, SIGKILL);
      reconnect();
      ask_pids();
      reconnect();
    }
  }
  /* On a slow machine the processes may end before they have wanted more. */
  ok(wants >= 40 && wrong_wants == 0, "asks for pages that are not here");
  ok(repeated > 5 && again, "asks again when the agent comes back");
  for (uint32_t task = 0; task < TASKS; task++)
    for (uint32_t page = 0; page < PAGES; page += 50) {
      char here[128];
      uint32_t pages = page < FIRST && page + 50 > FIRST ? FIRST - page : 50;
      deliver(task, page, 50);
      snprintf(here, sizeof here, "here %u %llx %u", VPIDS[task], (unsigned long long)first_address(page), pages);
      say(here);
    }
  ok(strncmp(hear_of("done"), "done ", 5) == 0, "done once all are here");
  conclude("no page is wrong whatever comes later");
}

/* Kills one of the two, waits for its successor, and so on. */
static int kill_around(int times, int pause_us) {
  int done = 0;
  for (; done < times; done++) {
    usleep((useconds_t)choose((uint32_t)pause_us));
    pid_t victim = choose(2) == 0 ? holder : worker;
    if (kill(victim, SIGKILL) < 0) break;
    for (int tries = 0; (holder == victim || worker == victim) && tries < 2000; tries++) {
      if (send(agent, "status", 6, MSG_NOSIGNAL) < 0) return done + 1;
      const char *text = hear_of("pids");
      if (sscanf(text, "pids %d %d", &holder, &worker) != 2) return done + 1;
    }
  }
  return done;
}

static void test_kills(void) {
  set_up(live_long, NULL);
  ask_pids();
  finish_restore();
  int killed = kill_around(30, 20000);
  printf("# %d kills before go\n", killed);
  ok(killed == 30, "thirty kills");
  say("go");
  killed = kill_around(30, 3000);
  printf("# %d kills while it fills\n", killed);
  conclude("no page is wrong whoever is killed");
}

/* It kills itself wherever its state has just changed, one time in so many. */
static void test_chaos(const char *rarity) {
  setenv("FILL_CHAOS", rarity, 1);
  set_up(live_briefly, NULL);
  unsetenv("FILL_CHAOS");
  ask_pids();
  pid_t first = worker;
  finish_restore();
  usleep(100000);
  say("go");
  ask_pids();
  ok(worker != first, "it has killed itself");
  ok(strncmp(hear_of("done"), "done ", 5) == 0, "and is done all the same");
  conclude("no page is wrong wherever it is killed");
}

static void live_shortly(void) {
  pause();
}

static void test_deaths(void) {
  char path[128], text[64] = "";
  set_up(live_shortly, NULL);
  ask_pids();
  finish_restore();
  is(hear_of("finished"), "finished", "finished");
  for (int i = 0; i < TASKS; i++) {
    kill(pods[i], SIGKILL);
    ending(pods[i]);
  }
  const char *done = hear_of("done");
  ok(strlen(done) > 5 && strcmp(done + strlen(done) - 5, " dead") == 0, "ends when all its processes are dead");
  ok(over(worker) && over(holder), "and is gone");
  path_of(path, sizeof path, "done");
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ok(read(fd, text, sizeof text) > 0 && strncmp(text, "done ", 5) == 0, "leaving a file that says so");
  close(fd);
  unlink(path);
  munmap(file, sizeof *file);
  close(agent);
  close(criu);
}

static void test_abandoning(void) {
  make_files();
  file->header.version = 9;
  start_filler();
  ask_pids();
  say("load");
  ok(strncmp(hear_of("error"), "error index: not an index", 25) == 0, "a bad index is refused");
  file->header.version = FILL_VERSION;
  say("nonsense");
  ok(strncmp(hear_of("error"), "error not understood", 20) == 0, "and so is what it does not know");
  say("load");
  is(hear_of("loaded"), "loaded 16000", "a good one can be loaded after it");
  close(criu);
  ok(strncmp(hear_of("error"), "error restore:", 14) == 0 || over(worker), "a restore that fails is told");
  ok(over(worker) && over(holder), "with no process to fill it ends");
  munmap(file, sizeof *file);
  close(agent);
  make_files();
  start_filler();
  ask_pids();
  say("abandon");
  ok(over(worker) && over(holder), "abandoned");
  munmap(file, sizeof *file);
  close(agent);
  close(criu);
}

static void clean_up(void) {
  static const char *const names[] = {"index", "store", "log", "done", "fill.socket", "lazy-pages.socket"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char path[128];
    path_of(path, sizeof path, names[i]);
    unlink(path);
  }
  rmdir(directory);
}

int main(void) {
  const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  if (geteuid() != 0 || getenv("POD_INIT") == NULL) {
    puts("1..0 # SKIP needs root, and POD_INIT");
    return 0;
  }
  snprintf(directory, sizeof directory, "%s/pod-fill-test.XXXXXX", parent);
  if (mkdtemp(directory) == NULL) die_errno("%s", directory);
  alarm(120);
  signal(SIGPIPE, SIG_IGN);
  pod.random = (uint64_t)time(NULL);
  test_plain();
  test_faults_before_go();
  test_early_go();
  test_remote();
  test_deaths();
  test_abandoning();
  test_kills();
  test_chaos("500");
  clean_up();
  return done_testing();
}
