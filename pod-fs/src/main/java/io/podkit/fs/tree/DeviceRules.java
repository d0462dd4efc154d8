package io.podkit.fs.tree;

import io.podkit.fs.api.TreeKind;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import java.util.Set;

/** Which special files may be in a tree that travels. */
final class DeviceRules {

  /** null, zero, full, random, urandom and tty: what every pod has in its /dev. */
  private static final Set<Device> STANDARD =
      Set.of(
          new Device(1, 3),
          new Device(1, 5),
          new Device(1, 7),
          new Device(1, 8),
          new Device(1, 9),
          new Device(5, 0));

  private DeviceRules() {}

  /** Whether such an entry may travel in a tree of that kind. */
  static boolean carried(TreeKind kind, FileType type, Device device) {
    return switch (type) {
      case REGULAR, DIRECTORY, SYMLINK -> true;
      case FIFO, SOCKET -> device.equals(Device.NONE);
      case BLOCK_DEVICE -> false;
      case CHARACTER_DEVICE ->
          switch (kind) {
            case UPPER -> device.equals(Device.NONE); // a whiteout
            case DEV -> STANDARD.contains(device);
            case PLAIN -> false;
          };
    };
  }
}
