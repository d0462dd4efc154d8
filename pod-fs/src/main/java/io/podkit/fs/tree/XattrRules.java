package io.podkit.fs.tree;

import io.podkit.fs.api.TreeKind;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Which extended attributes travel with a tree.
 *
 * <p>Those of the overlay that describe what the pod did travel; those that point at inodes of this
 * very host (origin, index counts, identity) do not: on another host they would be lies, and the
 * kernel refuses to mount an upper directory whose origin is not its lower one. Labels of the
 * host's own security policy stay, too.
 */
public final class XattrRules {

  /** XATTR_NAME_MAX. */
  static final int MAX_NAME = 255;

  /** XATTR_SIZE_MAX. */
  static final int MAX_VALUE = 64 * 1024;

  /** All values of one inode; more than the usual filesystems take. */
  static final int MAX_TOTAL = 1 << 20;

  /** XATTR_LIST_MAX is 64 KiB of names; the shortest name takes 8 bytes. */
  static final int MAX_COUNT = 8 * 1024;

  private static final String OVERLAY = "trusted.overlay.";

  /** A directory that hides or moves what lies below, a file without data, and so on. */
  private static final Set<String> OVERLAY_CARRIED =
      Set.of(
          OVERLAY + "opaque",
          OVERLAY + "redirect",
          OVERLAY + "metacopy",
          OVERLAY + "whiteout",
          OVERLAY + "whiteouts",
          OVERLAY + "protattr");

  /** Attributes of an overlay that lay inside the pod, escaped by the kernel. Since Linux 6.7. */
  private static final String OVERLAY_ESCAPED = OVERLAY + "overlay.";

  private static final Set<String> OTHERS =
      Set.of("security.capability", "system.posix_acl_access", "system.posix_acl_default");

  private XattrRules() {}

  /** Whether an attribute of that name travels. */
  static boolean carried(TreeKind kind, String name) {
    if (name.startsWith(OVERLAY)) {
      return kind == TreeKind.UPPER
          && (OVERLAY_CARRIED.contains(name) || name.startsWith(OVERLAY_ESCAPED));
    }
    return name.startsWith("user.") || name.startsWith("trusted.") || OTHERS.contains(name);
  }

  /**
   * Whether an attribute that an image's archive gives to a file is kept: labels of some other
   * host's security policy are not, nor are attributes by which an overlay points at inodes.
   */
  public static boolean inImages(String name, byte[] value) {
    return carried(TreeKind.UPPER, name) && legalValue(name, value);
  }

  /**
   * Whether a value is safe to set: a redirect must not climb, though the kernel checks as well.
   */
  static boolean legalValue(String name, byte[] value) {
    if (!name.equals(OVERLAY + "redirect")) {
      return value.length <= MAX_VALUE;
    }
    String text = new String(value, StandardCharsets.ISO_8859_1);
    for (String component : text.split("/", -1)) {
      if (component.equals("..") || component.equals(".") || component.indexOf('\0') >= 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
