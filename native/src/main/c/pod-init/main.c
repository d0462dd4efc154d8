/* pod-init: the first process of a pod, and the few steps around it that a JVM cannot take itself. */
#include <stdio.h>
#include <string.h>

#include "verbs.h"

#ifndef POD_INIT_VERSION
#define POD_INIT_VERSION "unknown"
#endif

static const struct {
  const char *name;
  int (*run)(int argc, char **argv);
} VERBS[] = {
    {"run", verb_run},         {"exec", verb_exec},     {"restore", verb_restore},     {"criu", verb_criu},
    {"deadman", verb_deadman}, {"init", verb_init},     {"supervise", verb_supervise}, {"probe", verb_probe},
    {"pause", verb_pause},     {"idmap", verb_idmap},   {"fill", verb_fill},           {"uffd", verb_uffd},
    {"hook", verb_hook},       {"freeze", verb_freeze}, {"gate", verb_gate},
};

static const char USAGE[] =
    "usage: pod-init run < PLAN\n"
    "       pod-init exec < PLAN\n"
    "       pod-init restore --fd N --exit-file FILE --criu PATH --log FILE [--cgroup DIR]... [--kdat DIR]\n"
    "                        [-- COMMAND [ARGUMENT]...]\n"
    "       pod-init criu --fd N --criu PATH --log FILE [--cgroup DIR]... [--kdat DIR]\n"
    "       pod-init deadman --ready [--log FILE] -- COMMAND [ARGUMENT]...\n"
    "       pod-init idmap SOURCE TARGET SHIFT COUNT\n"
    "       pod-init fill --dir DIR --socket-dir DIR [--lock FILE] [--log FILE]\n"
    "       pod-init uffd < PIDS\n"
    "       pod-init freeze --pid N [--cgroup DIR] [--wait MILLISECONDS]\n"
    "       pod-init hook DIR < STATE\n"
    "       pod-init gate --criu PATH [--socket PATH] -- ARGUMENT...\n"
    "       pod-init probe\n"
    "       pod-init --version\n";

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--version") == 0) return puts("pod-init " POD_INIT_VERSION) < 0;
  for (size_t i = 0; argc >= 2 && i < sizeof VERBS / sizeof *VERBS; i++)
    if (strcmp(argv[1], VERBS[i].name) == 0) return VERBS[i].run(argc - 1, argv + 1);
  fputs(USAGE, stderr);
  return 2;
}
