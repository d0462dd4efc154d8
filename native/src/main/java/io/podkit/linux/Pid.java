package io.podkit.linux;

/**
 * A process id in the host's pid namespace.
 *
 * @param value positive
 */
public record Pid(long value) implements Comparable<Pid> {

  /** Rejects 0 and negative numbers: to kill(2) they mean groups of processes. */
  public Pid {
    if (value <= 0 || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not a process id: " + value);
    }
  }

  /** The pid written in decimal, as files of /proc have it. */
  public static Pid parse(String text) {
    return new Pid(Long.parseLong(text.strip()));
  }

  /** This JVM. */
  public static Pid self() {
    return new Pid(ProcessHandle.current().pid());
  }

  int number() {
    return (int) value;
  }

  @Override
  public int compareTo(Pid other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
