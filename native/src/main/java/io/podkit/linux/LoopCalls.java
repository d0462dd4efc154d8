package io.podkit.linux;

import java.util.Set;

/**
 * Loop devices, part of {@link Syscalls}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man4/loop.4.html">loop(4)</a>
 */
public interface LoopCalls {

  /**
   * The number of a loop device that is free, made if there is none. Somebody else may take it
   * first.
   *
   * @param control {@code /dev/loop-control}
   */
  int loopGetFree(Fd control) throws ErrnoException;

  /**
   * Makes a loop device show a file.
   *
   * @param device {@code /dev/loopN}
   * @param backing the file, which the device keeps open
   * @param blockSize of the device, in bytes: 512 to a page, or 0 for what the kernel takes; a file
   *     that is no multiple of it is cut
   * @throws ErrnoException EBUSY if the device is taken
   */
  void loopConfigure(Fd device, Fd backing, Set<LoopFlag> flags, int blockSize)
      throws ErrnoException;

  /**
   * How a loop device shows its file now.
   *
   * @throws ErrnoException ENXIO if it shows none
   */
  Set<LoopFlag> loopFlags(Fd device) throws ErrnoException;

  /** Frees a loop device, at once or when its last user closes it. */
  void loopClear(Fd device) throws ErrnoException;
}
