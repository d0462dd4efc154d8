package io.podkit.linux;

/**
 * The system calls that the JDK lacks, typed.
 *
 * <p>One method is one call: no policy, no retries except EINTR. Every failure is an {@link
 * ErrnoException}; where an errno is turned into a value, the method says so. Safe for use by many
 * threads. {@link JnrSyscalls} is the real one, {@code RecordingSyscalls} of the test jar the fake.
 *
 * <p>What is missing on purpose: unshare, setns, pivot_root, fork. A JVM has many threads, and the
 * kernel refuses these to any of them or they act on one thread only; {@code pod-init} does them.
 */
public interface Syscalls
    extends MountCalls,
        LoopCalls,
        FileCalls,
        DirectoryCalls,
        XattrCalls,
        DescriptorCalls,
        WatchCalls,
        ProcessCalls,
        MemoryCalls {}
