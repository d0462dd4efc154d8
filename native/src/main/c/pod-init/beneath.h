/* Paths inside a pod's tree, opened from outside: a symlink planted there leads to another place in the tree, never
 * out. */
#pragma once

#include "util.h"

/* As openat2 with RESOLVE_IN_ROOT and no magic links. The descriptor, or -1 with errno. */
int beneath_open(int root, const char *path, int flags);

/* The place as O_PATH, made if missing: directories 0755, the last component a directory or an empty file 0644. */
int beneath_make(int root, const char *path, bool directory);
