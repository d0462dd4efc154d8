package io.podkit.migrate.engine;

import io.podkit.fs.api.FileNeeds;
import io.podkit.fs.api.FileNeeds.XattrKind;
import io.podkit.fs.api.HostStorage;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Problem;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a pod's files need, between the form that travels and ours. */
final class FilesOnWire {
  private FilesOnWire() {}

  static Control.FileNeeds of(FileNeeds needs) {
    Map<String, Long> xattrs = new HashMap<>();
    needs.xattrs().forEach((kind, bytes) -> xattrs.put(name(kind), bytes));
    return new Control.FileNeeds(needs.entries(), needs.largestFile(), needs.longestName(), xattrs);
  }

  /** Kinds that this host does not know it has no rule for, either. */
  static FileNeeds toNeeds(Control.FileNeeds wire) {
    Map<XattrKind, Long> xattrs = new EnumMap<>(XattrKind.class);
    for (XattrKind kind : XattrKind.values()) {
      Long bytes = wire.xattrs().get(name(kind));
      if (bytes != null) {
        xattrs.put(kind, bytes);
      }
    }
    return new FileNeeds(wire.entries(), wire.largestFile(), wire.longestName(), xattrs);
  }

  static List<Problem> problems(List<HostStorage.Unfit> unfit) {
    return unfit.stream()
        .map(
            one ->
                new Problem(
                    one.subject().replace(' ', '-'), one.subject(), one.cause(), one.cure()))
        .toList();
  }

  private static String name(XattrKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
