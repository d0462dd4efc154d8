#include "util.h"
#include "verbs.h"
int verb_exec(int argc, char **argv) {
  (void)argc;
  (void)argv;
  die("not yet");
}
int verb_restore(int argc, char **argv) {
  (void)argc;
  (void)argv;
  die("not yet");
}
int verb_criu(int argc, char **argv) {
  (void)argc;
  (void)argv;
  die("not yet");
}
int verb_deadman(int argc, char **argv) {
  (void)argc;
  (void)argv;
  die("not yet");
}
