package io.podkit.tests.architecture.broken.fs;

import jnr.ffi.Pointer;

/** Holds a native pointer. */
record CallsNatively(Pointer address) {}
