package io.podkit.core.container;

import io.podkit.core.launch.PodTreePaths;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pipes that lead from a container's processes to its monitor.
 *
 * @param files by a pipe's inode: the file that a pod has in its place
 * @param input whether its standard input is one of them
 */
record OuterStreams(Map<Long, String> files, boolean input) {
  private static final Pattern PIPE = Pattern.compile("pipe:\\[([0-9]+)]");
  private static final String OUTPUT = PodTreePaths.DIRECTORY + "/" + PodTreePaths.STDOUT;
  private static final String ERRORS = PodTreePaths.DIRECTORY + "/" + PodTreePaths.STDERR;

  OuterStreams {
    files = Map.copyOf(files);
  }

  /**
   * @param monitor the process that takes their output
   */
  static OuterStreams of(Path proc, long monitor, List<Long> processes) throws IOException {
    Set<Long> outer = new HashSet<>(pipes(proc, monitor).values());
    Map<Long, String> files = new TreeMap<>();
    boolean input = false;
    for (long process : processes) {
      for (Map.Entry<Integer, Long> open : pipes(proc, process).entrySet()) {
        if (outer.contains(open.getValue())) {
          input |= open.getKey() == 0;
          if (open.getKey() == 2) {
            files.putIfAbsent(open.getValue(), ERRORS);
          } else {
            files.put(open.getValue(), OUTPUT); // also where both are one pipe
          }
        }
      }
    }
    return new OuterStreams(files, input);
  }

  /** Inodes by descriptor; none of a process that has ended. */
  private static Map<Integer, Long> pipes(Path proc, long pid) throws IOException {
    Map<Integer, Long> pipes = new TreeMap<>();
    try (DirectoryStream<Path> open =
        Files.newDirectoryStream(proc.resolve(Long.toString(pid)).resolve("fd"))) {
      for (Path descriptor : open) {
        OptionalLong inode = inode(descriptor);
        if (inode.isPresent()) {
          pipes.put(Integer.valueOf(descriptor.getFileName().toString()), inode.getAsLong());
        }
      }
    } catch (DirectoryIteratorException e) {
      return none(Objects.requireNonNull(e.getCause(), "it has one"));
    } catch (IOException e) {
      return none(e);
    }
    return pipes;
  }

  private static Map<Integer, Long> none(IOException failure) throws IOException {
    if (!hasEnded(failure)) {
      throw failure;
    }
    return Map.of();
  }

  private static OptionalLong inode(Path descriptor) throws IOException {
    try {
      Matcher pipe = PIPE.matcher(Files.readSymbolicLink(descriptor).toString());
      return pipe.matches() ? OptionalLong.of(Long.parseLong(pipe.group(1))) : OptionalLong.empty();
    } catch (NotLinkException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      if (!hasEnded(e)) {
        throw e;
      }
      return OptionalLong.empty(); // or has closed it meanwhile
    }
  }

  /**
   * Whether the kernel fails like that because the process ended while we looked: ENOENT, ESRCH.
   */
  static boolean hasEnded(IOException failure) {
    return failure instanceof NoSuchFileException
        || (failure instanceof FileSystemException file
            && "No such process".equals(file.getReason()));
  }
}
