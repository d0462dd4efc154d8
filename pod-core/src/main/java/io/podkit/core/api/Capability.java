package io.podkit.core.api;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * A Linux capability; the ordinal is its number.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public enum Capability {
  CHOWN,
  DAC_OVERRIDE,
  DAC_READ_SEARCH,
  FOWNER,
  FSETID,
  KILL,
  SETGID,
  SETUID,
  SETPCAP,
  LINUX_IMMUTABLE,
  NET_BIND_SERVICE,
  NET_BROADCAST,
  NET_ADMIN,
  NET_RAW,
  IPC_LOCK,
  IPC_OWNER,
  SYS_MODULE,
  SYS_RAWIO,
  SYS_CHROOT,
  SYS_PTRACE,
  SYS_PACCT,
  SYS_ADMIN,
  SYS_BOOT,
  SYS_NICE,
  SYS_RESOURCE,
  SYS_TIME,
  SYS_TTY_CONFIG,
  MKNOD,
  LEASE,
  AUDIT_WRITE,
  AUDIT_CONTROL,
  SETFCAP,
  MAC_OVERRIDE,
  MAC_ADMIN,
  SYSLOG,
  WAKE_ALARM,
  BLOCK_SUSPEND,
  AUDIT_READ,
  PERFMON,
  BPF,
  CHECKPOINT_RESTORE;

  /** What podman 4 gives a container that asks for nothing. */
  public static final Set<Capability> DEFAULT =
      Set.copyOf(
          EnumSet.of(
              CHOWN,
              DAC_OVERRIDE,
              FOWNER,
              FSETID,
              KILL,
              NET_BIND_SERVICE,
              SETFCAP,
              SETGID,
              SETPCAP,
              SETUID,
              SYS_CHROOT));

  /** Parses {@code NET_ADMIN}, {@code cap_net_admin} and the like. */
  public static Capability parse(String name) {
    String plain = name.toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "");
    for (Capability capability : values()) {
      if (capability.name().equals(plain)) {
        return capability;
      }
    }
    throw new IllegalArgumentException(
        "'" + name + "' is not a capability: see capabilities(7), e.g. NET_ADMIN, or ALL");
  }

  /**
   * The set a pod runs with: {@link #DEFAULT}, with the additions, without the drops. {@code ALL}
   * is understood on both sides; dropping is done first when it is ALL, as podman does, so that
   * {@code --cap-drop ALL --cap-add X} leaves X.
   */
  public static Set<Capability> resolve(Collection<String> added, Collection<String> dropped) {
    EnumSet<Capability> result = EnumSet.noneOf(Capability.class);
    if (!dropped.stream().anyMatch("ALL"::equalsIgnoreCase)) {
      result.addAll(DEFAULT);
    }
    for (String name : added) {
      if (name.equalsIgnoreCase("ALL")) {
        result.addAll(EnumSet.allOf(Capability.class));
      } else {
        result.add(parse(name));
      }
    }
    for (String name : dropped) {
      if (!name.equalsIgnoreCase("ALL")) {
        result.remove(parse(name));
      }
    }
    return result;
  }

  /** The set as the bit mask the kernel shows in {@code /proc/PID/status}. */
  @SuppressWarnings(
      "EnumOrdinal") // the constants stand in the order of their numbers, which is what a
  // Capability is
  public static long mask(Collection<Capability> capabilities) {
    long mask = 0;
    for (Capability capability : capabilities) {
      mask |= 1L << capability.ordinal();
    }
    return mask;
  }
}
