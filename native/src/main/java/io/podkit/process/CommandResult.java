package io.podkit.process;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a finished program left behind.
 *
 * @param status how it ended
 * @param output the bytes it wrote to standard output; empty when that was sent elsewhere. Never
 *     truncated: a program that writes more than the limit fails the command instead
 * @param stderr the last 32 KiB of its standard error
 */
@SuppressWarnings("ArrayRecordComponent") // made once per command and never compared
public record CommandResult(ExitStatus status, byte[] output, String stderr) {

  /** Standard output as UTF-8 text. */
  public String stdout() {
    return new String(output, StandardCharsets.UTF_8);
  }

  /** Standard output's lines, without line ends. */
  public List<String> lines() {
    return stdout().lines().toList();
  }

  /** Whether it ended with exit code 0. */
  public boolean success() {
    return status.success();
  }
}
