package io.podkit.core.api;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@code pod doctor}.
 *
 * @param subject what was looked at
 * @param level how it stands
 * @param finding what was found
 * @param cure what to do about it, null if nothing need be done
 */
public record HostCheck(String subject, Level level, String finding, @Nullable String cure) {
  /** OK: fine. NOTE: works, could be better. BLOCKS: pods cannot be migrated until it is cured. */
  public enum Level {
    OK,
    NOTE,
    BLOCKS
  }
}
