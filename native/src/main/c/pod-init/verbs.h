/* The verbs of the command line; argv[0] is the verb itself. Each returns the exit status. */
#pragma once

/* Outside of pods. */
int verb_run(int argc, char **argv);
int verb_exec(int argc, char **argv);
int verb_restore(int argc, char **argv);
int verb_criu(int argc, char **argv);
int verb_deadman(int argc, char **argv);
int verb_idmap(int argc, char **argv);
int verb_fill(int argc, char **argv);
int verb_uffd(int argc, char **argv);
int verb_hook(int argc, char **argv);
int verb_freeze(int argc, char **argv);
int verb_gate(int argc, char **argv);
int verb_probe(int argc, char **argv);

/* As /.pod/init, within one. */
int verb_init(int argc, char **argv);
int verb_supervise(int argc, char **argv);
int verb_pause(int argc, char **argv);
