package io.podkit.core.store;

import java.util.List;

/**
 * Who a command runs as, looked up in the pod's own passwd and group files.
 *
 * @param uid user id
 * @param gid primary group id
 * @param groups supplementary group ids
 * @param home its home directory, for HOME
 */
public record Credentials(int uid, int gid, List<Integer> groups, String home) {
  public Credentials {
    groups = List.copyOf(groups);
  }
}
