package io.podkit.linux;

import java.util.Set;

/**
 * Which pages a scan is to find: those with every category of {@code all}, none of {@code none},
 * and at least one of {@code any}, if there is one in it.
 *
 * @param all every one of them
 * @param none not one of them
 * @param any at least one of them; empty for no such demand
 * @param protect whether the pages found are write-protected again in the same step, so that no
 *     write falls in between; only where the mapping is tracked
 */
public record PageQuery(
    Set<PageCategory> all, Set<PageCategory> none, Set<PageCategory> any, boolean protect) {

  /** Copies the sets. */
  public PageQuery {
    all = Set.copyOf(all);
    none = Set.copyOf(none);
    any = Set.copyOf(any);
  }
}
