package io.podkit.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/**
 * Passes on what the user types and watches for Ctrl-P Ctrl-Q, podman's keys to leave a pod alone.
 * After them nothing more is passed on, not even the end: that would close the command's input.
 */
final class DetachKeys extends InputStream {
  private static final int CTRL_P = 0x10;
  private static final int CTRL_Q = 0x11;

  private final InputStream keys;
  private final Runnable onDetach;
  private final byte[] chunk = new byte[1024];
  private int next;
  private int end;
  private boolean afterCtrlP;

  /**
   * @param onDetach called once, on the reading thread
   */
  DetachKeys(InputStream keys, Runnable onDetach) {
    this.keys = keys;
    this.onDetach = onDetach;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = 0;
    while (count == 0 && length > 0) {
      if (next == end) {
        next = 0;
        end = Math.max(0, keys.read(chunk));
        if (end == 0) {
          return -1;
        }
      }
      while (next < end && count < length) {
        byte key = chunk[next];
        if (afterCtrlP) {
          afterCtrlP = false;
          if (key == CTRL_Q) {
            onDetach.run();
            waitForEver();
          }
          buffer[offset + count++] = CTRL_P; // it was an ordinary one; the key behind it comes next
          continue;
        }
        next++;
        if (key == CTRL_P) {
          afterCtrlP = true;
        } else {
          buffer[offset + count++] = key;
        }
      }
    }
    return count;
  }

  private static void waitForEver() throws IOException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("detached", e);
    }
  }
}
