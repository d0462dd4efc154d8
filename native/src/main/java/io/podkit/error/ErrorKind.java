package io.podkit.error;

/**
 * What sort of failure it was, so that callers can branch and the command line can pick an exit
 * code.
 */
public enum ErrorKind {
  /** The request itself is wrong: an unknown option, a malformed name. */
  USAGE,
  /** The named pod, image, file or host does not exist. */
  NOT_FOUND,
  /** It exists already, or is in a state that forbids the operation. */
  CONFLICT,
  /** Podkit, the peer or the kernel says no for a reason of policy or permission. */
  REFUSED,
  /** This host, kernel or CRIU lacks what the operation needs. */
  UNSUPPORTED,
  /** The other host cannot be reached, broke the protocol or gave up. */
  PEER,
  /** CRIU failed to dump or restore. */
  CRIU,
  /** Another program that Podkit called failed. */
  COMMAND,
  /** A read, write or system call failed. */
  IO,
  /** The program to run in a pod does not exist there. */
  COMMAND_NOT_FOUND,
  /** The program to run in a pod exists there and cannot be executed. */
  COMMAND_NOT_EXECUTABLE,
  /** The pod left this host while it was being used. */
  MOVED,
  /**
   * Both hosts may own the pod; it stands still until the other one answers or an operator decides.
   */
  IN_DOUBT,
  /** The user or a signal asked to stop. */
  CANCELLED,
  /** A deadline passed. */
  TIMEOUT,
  /** A bug in Podkit, or state on disk that Podkit cannot have written. */
  INTERNAL
}
