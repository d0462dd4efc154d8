package io.podkit.fs.api;

/** Hears how far a long copy has come. */
@FunctionalInterface
public interface ByteListener {

  /** Hears nothing. */
  ByteListener NONE = (done, total) -> {};

  /**
   * Called now and then, from the thread that works or one it started; must return at once.
   *
   * @param done bytes handled so far
   * @param total bytes there are in all, or -1 if that is not known
   */
  void progress(long done, long total);
}
