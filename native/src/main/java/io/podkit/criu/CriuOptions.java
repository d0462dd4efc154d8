package io.podkit.criu;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.linux.Fd;
import io.podkit.linux.Pid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What CRIU is asked to do; immutable.
 *
 * @param images the directory of the images
 * @param work where CRIU writes its log and statistics, and where it resolves relative names
 * @param logFile the log's name in {@code work}
 * @param logLevel 0 messages only, 1 errors, 2 warnings, 3 information, 4 debugging
 * @param switches what is on
 * @param pid dump: the root task
 * @param root restore: the directory that becomes the tasks' root
 * @param external resources outside the tree: {@code mnt[/dev]:dev} for a dump, {@code
 *     mnt[dev]:/run/pod/x/dev} for a restore
 * @param freezeCgroup dump: freeze this control group's directory instead of task by task
 * @param freezeTimeout dump: how long freezing may take
 * @param ghostLimit dump: the largest deleted but open file that is carried in the images, in bytes
 * @param afterDump what becomes of the dumped tasks
 * @param pageServer dump: a connected socket that memory is written to instead of files, in CRIU's
 *     page-server protocol. Handed over: it is closed here once CRIU has it, so that the other end
 *     sees the end when CRIU ends
 * @param preload a library that CRIU is started with; null if there is none
 */
public record CriuOptions(
    Path images,
    Path work,
    String logFile,
    int logLevel,
    Set<Switch> switches,
    @Nullable Pid pid,
    @Nullable Path root,
    List<String> external,
    @Nullable Path freezeCgroup,
    Duration freezeTimeout,
    long ghostLimit,
    AfterDump afterDump,
    @Nullable Fd pageServer,
    @Nullable Preload preload) {

  /** CRIU's own limit is 1 MiB, which log files that were rotated away exceed easily. */
  public static final long DEFAULT_GHOST_LIMIT = 64L << 20;

  /** CRIU's own default. */
  public static final Duration DEFAULT_FREEZE_TIMEOUT = Duration.ofSeconds(10);

  static final int DEFAULT_LOG_LEVEL = 3;
  private static final long MAX_UNSIGNED_INT = 0xffffffffL;

  /** Things that are on or off. */
  public enum Switch {
    /** Carry established TCP connections. */
    TCP_ESTABLISHED,
    /** Carry file locks; also makes CRIU accept what it would otherwise refuse. */
    FILE_LOCKS,
    /** Give deleted but still linked files a temporary name. */
    LINK_REMAP,
    /** Find mounts that come from outside by themselves. */
    AUTO_EXTERNAL_MOUNTS,
    /** Leave control groups alone: restored tasks stay where the restoring CRIU is. */
    IGNORE_CGROUPS,
    /** Do not block the network with firewall rules: the caller does it some other way. */
    NO_NETWORK_LOCK,
    /** Neither save nor restore what is in the network namespace; restore makes an empty one. */
    EMPTY_NETWORK_NAMESPACE,
    /** The tasks share the caller's terminal and session. */
    SHELL_JOB,
    /** Restore terminals whose master is outside. */
    ORPHAN_PTS_MASTER,
    /** Do not restore security labels. */
    NO_LSM,
    /** Restore: pages that the images call lazy come later, through userfaultfd. */
    LAZY_PAGES
  }

  /** What becomes of the tasks when a dump has succeeded. */
  public enum AfterDump {
    /** They are killed: they live on elsewhere. */
    KILL,
    /** They run on, and the images are a copy. */
    RUN_ON,
    /** They stay stopped as by SIGSTOP. */
    STOP
  }

  /** Copies the collections and checks what CRIU would explain badly. */
  public CriuOptions {
    switches = switches.isEmpty() ? Set.of() : Set.copyOf(switches);
    external = List.copyOf(external);
    if (logFile.isEmpty() || logFile.contains("/")) {
      throw new IllegalArgumentException("a log file is a plain name, not " + logFile);
    }
    if (ghostLimit < 0) {
      throw new IllegalArgumentException("negative ghost limit: " + ghostLimit);
    }
    // The field in CRIU's message has 32 bits.
    ghostLimit = Math.min(ghostLimit, MAX_UNSIGNED_INT);
  }

  /** Options with that directory for images, log and all. */
  public static Builder in(Path images) {
    return new Builder(images);
  }

  /** Whether it is on. */
  public boolean has(Switch which) {
    return switches.contains(which);
  }

  /** Where the log is. */
  public Path logPath() {
    return work.resolve(logFile);
  }

  /** Collects options; each setter returns this builder. */
  public static final class Builder {
    private final Path images;
    private Path work;
    private String logFile = "criu.log";
    private int logLevel = DEFAULT_LOG_LEVEL;
    private final EnumSet<Switch> switches = EnumSet.noneOf(Switch.class);
    private final List<String> external = new ArrayList<>();
    private @Nullable Pid pid;
    private @Nullable Path root;
    private @Nullable Path freezeCgroup;
    private Duration freezeTimeout = DEFAULT_FREEZE_TIMEOUT;
    private long ghostLimit = DEFAULT_GHOST_LIMIT;
    private AfterDump afterDump = AfterDump.KILL;
    private @Nullable Fd pageServer;
    private @Nullable Preload preload;

    private Builder(Path images) {
      this.images = Objects.requireNonNull(images, "images");
      this.work = images;
    }

    /** Writes log and statistics there instead of beside the images. */
    @CanIgnoreReturnValue
    public Builder work(Path directory) {
      work = directory;
      return this;
    }

    /** Names the log and says how much to write. */
    @CanIgnoreReturnValue
    public Builder log(String fileName, int level) {
      logFile = fileName;
      logLevel = level;
      return this;
    }

    /** Turns these on. */
    @CanIgnoreReturnValue
    public Builder on(Switch... which) {
      switches.addAll(List.of(which));
      return this;
    }

    /** Dumps the tree below that task. */
    @CanIgnoreReturnValue
    public Builder pid(Pid rootTask) {
      pid = rootTask;
      return this;
    }

    /** Restores with that directory as root. */
    @CanIgnoreReturnValue
    public Builder root(Path directory) {
      root = directory;
      return this;
    }

    /** Declares a resource as external, in CRIU's notation. */
    @CanIgnoreReturnValue
    public Builder external(String key) {
      external.add(key);
      return this;
    }

    /** Freezes that control group. */
    @CanIgnoreReturnValue
    public Builder freezeCgroup(Path directory) {
      freezeCgroup = directory;
      return this;
    }

    /** Gives up freezing after that time; CRIU counts whole seconds. */
    @CanIgnoreReturnValue
    public Builder freezeTimeout(Duration timeout) {
      freezeTimeout = timeout;
      return this;
    }

    /** Carries deleted but open files up to that size. */
    @CanIgnoreReturnValue
    public Builder ghostLimit(long bytes) {
      ghostLimit = bytes;
      return this;
    }

    /** Says what becomes of the dumped tasks. */
    @CanIgnoreReturnValue
    public Builder afterDump(AfterDump what) {
      afterDump = what;
      return this;
    }

    /** Sends memory through that socket, which is handed over. */
    @CanIgnoreReturnValue
    public Builder pageServer(Fd socket) {
      pageServer = socket;
      return this;
    }

    /** Starts CRIU with that library. */
    @CanIgnoreReturnValue
    public Builder preload(Preload library) {
      preload = library;
      return this;
    }

    /** The finished options. */
    public CriuOptions build() {
      return new CriuOptions(
          images,
          work,
          logFile,
          logLevel,
          switches,
          pid,
          root,
          external,
          freezeCgroup,
          freezeTimeout,
          ghostLimit,
          afterDump,
          pageServer,
          preload);
    }
  }
}
