package io.podkit.criu;

/** A library of ours that CRIU is started with. */
public sealed interface Preload permits PageFilter, UserfaultGrant {
  /** The same launcher, with the library. */
  SwrkLauncher into(SwrkLauncher launcher);
}
