package io.podkit.core.launch;

import io.podkit.core.store.Credentials;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who {@code --user NAME|UID[:GROUP|GID]} is in the pod's own passwd and group files.
 * Those files come from an image and are not trusted: a malformed line is no entry.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/passwd.5.html">passwd(5)</a>
 */
public final class UserLookup {
  private static final int FILE_LIMIT = 1 << 20;

  private final List<String[]> users;
  private final List<String[]> groups;

  UserLookup(String passwd, String group) {
    users = entries(passwd, 7);
    groups = entries(group, 4);
  }

  public static UserLookup in(RootedFiles files) throws PodkitException {
    return new UserLookup(read(files, "/etc/passwd"), read(files, "/etc/group"));
  }

  private static String read(RootedFiles files, String path) throws PodkitException {
    return files
        .read(path, FILE_LIMIT)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }

  private static List<String[]> entries(String text, int fields) {
    return text.lines()
        .map(line -> line.split(":", -1))
        .filter(entry -> entry.length == fields && isNumber(entry[2]))
        .toList();
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,9}");
  }

  /**
   * Who that is.
   *
   * @param user what the user wrote, or null for root
   */
  public Credentials resolve(@Nullable String user) throws PodkitException {
    String[] parts = user == null || user.isEmpty() ? new String[] {"0"} : user.split(":", 2);
    String[] entry = find(users, parts[0]);
    if (entry == null && !isNumber(parts[0])) {
      throw unknown("user", parts[0], "/etc/passwd");
    }
    int uid = Integer.parseInt(entry == null ? parts[0] : entry[2]);
    int gid = entry != null && isNumber(entry[3]) ? Integer.parseInt(entry[3]) : 0;
    List<Integer> supplementary = List.of();
    if (parts.length == 2) {
      gid = group(parts[1]);
    } else if (entry != null) {
      supplementary = memberships(entry[0]);
    }
    return new Credentials(
        uid, gid, supplementary, entry == null || entry[5].isEmpty() ? "/" : entry[5]);
  }

  private int group(String name) throws PodkitException {
    String[] entry = find(groups, name);
    if (entry == null && !isNumber(name)) {
      throw unknown("group", name, "/etc/group");
    }
    return Integer.parseInt(entry == null ? name : entry[2]);
  }

  private List<Integer> memberships(String user) {
    List<Integer> result = new ArrayList<>();
    for (String[] group : groups) {
      if (Arrays.asList(group[3].split(",", -1)).contains(user)) {
        result.add(Integer.parseInt(group[2]));
      }
    }
    return result;
  }

  /** By name first, as other engines do: a user may be called by a number that is not his uid. */
  private static String @Nullable [] find(List<String[]> entries, String nameOrNumber) {
    for (int field : new int[] {0, 2}) {
      for (String[] entry : entries) {
        if (entry[field].equals(nameOrNumber)) {
          return entry;
        }
      }
    }
    return null;
  }

  private static PodkitException unknown(String what, String name, String file) {
    return PodkitException.of(
        ErrorKind.USAGE,
        "the pod has no " + what + " '" + name + "'",
        new Hint("give a number, or use an image whose " + file + " has it"));
  }
}
