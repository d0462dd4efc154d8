package io.podkit.core.launch;

import io.podkit.core.store.PodRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** The environment a command in a pod starts with. */
final class PodEnvironment {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private PodEnvironment() {}

  /** Defaults, then the pod's own settings, then {@code more}; the later wins. */
  static Map<String, String> of(
      PodRecord record, String home, boolean tty, Map<String, String> more) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("PATH", PATH);
    env.put("HOME", home);
    env.put("HOSTNAME", record.spec().hostname());
    if (tty) {
      env.put("TERM", "xterm");
    }
    env.putAll(record.spec().env());
    env.putAll(more);
    return env;
  }
}
