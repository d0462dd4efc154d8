package io.podkit.criu.image;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.FileEntry;
import io.podkit.criu.proto.TimerfdEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps periodic timerfds going. The kernel arms one that has expired again only when its owner
 * reads it, and until then shows no time left; CRIU 4.2 sets a timer with no time left, which stops
 * it for ever. Here such a timer is given one interval, so that it brings what has expired already
 * at once and the next tick when it is due.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/timerfd_create.2.html">timerfd_create(2)</a>
 */
public final class ExpiredTimers {

  private static final String NAME = "files.img";
  private static final int MAGIC = 0x56303138;

  private ExpiredTimers() {}

  /**
   * Corrects the images of a finished dump.
   *
   * @return how many timers would have stopped
   * @throws ImageFormatException if CRIU wrote something we do not know; nothing was changed
   */
  public static int rearm(Path images) throws IOException {
    Path file = images.resolve(NAME);
    int stopped = 0;
    List<FileEntry> entries = new ArrayList<>();
    try {
      for (ByteBuffer record : ImageRecords.read(file, MAGIC)) {
        FileEntry entry = FileEntry.parseFrom(record);
        if (entry.hasTfd() && isStopped(entry.getTfd())) {
          stopped++;
          entry = entry.toBuilder().setTfd(rearmed(entry.getTfd())).build();
        }
        entries.add(entry);
      }
    } catch (NoSuchFileException e) {
      return 0;
    } catch (InvalidProtocolBufferException e) {
      throw new ImageFormatException("a record of " + NAME + ": " + e.getMessage());
    }
    if (stopped > 0) {
      ImageRecords.write(file, ImageRecords.COMMON, MAGIC, entries);
    }
    return stopped;
  }

  /** A timer that its owner has disarmed has no ticks waiting. */
  private static boolean isStopped(TimerfdEntry timer) {
    boolean periodic = timer.getIsec() != 0 || timer.getInsec() != 0;
    boolean noTimeLeft = timer.getVsec() == 0 && timer.getVnsec() == 0;
    return periodic && noTimeLeft && timer.getTicks() != 0;
  }

  private static TimerfdEntry rearmed(TimerfdEntry timer) {
    return timer.toBuilder().setVsec(timer.getIsec()).setVnsec(timer.getInsec()).build();
  }
}
