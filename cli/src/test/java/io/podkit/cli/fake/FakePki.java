package io.podkit.cli.fake;

import io.podkit.migrate.api.Issued;
import io.podkit.migrate.api.Pki;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Keys that are not made. */
public final class FakePki implements Pki {
  public final List<String> calls = new ArrayList<>();

  @Override
  public Path directory() {
    return Path.of("/var/lib/pod/pki");
  }

  @Override
  public Issued init(boolean force) {
    calls.add("init " + force);
    return issued("podkit", List.of(), directory());
  }

  @Override
  public Issued issue(String host, List<String> addresses, Path directory, boolean force) {
    calls.add("issue " + host + " " + addresses + " " + directory + " " + force);
    return issued(host, addresses, directory);
  }

  @Override
  public Issued install(Path bundle, boolean force) {
    calls.add("install " + bundle + " " + force);
    return issued("hostb", List.of("192.0.2.2"), directory());
  }

  @Override
  public Issued own() {
    throw new UnsupportedOperationException();
  }

  private static Issued issued(String name, List<String> addresses, Path directory) {
    return new Issued(
        name, addresses, Instant.parse("2028-05-04T12:00:00Z"), "cd".repeat(32), directory);
  }
}
