package io.podkit.linux;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * System calls that do nothing but write down what was asked, for tests without root.
 *
 * <pre>{@code
 * RecordingSyscalls recorded = new RecordingSyscalls().fail("umount2", Errno.EBUSY);
 * new MountedTree(recorded.syscalls(), ...).close();
 * assertThat(recorded.calls()).containsExactly("umount2(/run/x, [])");
 * }</pre>
 *
 * <p>Unless told otherwise a call succeeds: descriptors count up from 100, sets and lists are
 * empty, numbers are 0. A recorded line is the method's name with its arguments; sets are sorted,
 * byte arrays are shown as text.
 */
public final class RecordingSyscalls {

  /** Computes a scripted answer from a call's arguments. */
  @FunctionalInterface
  public interface Answer {
    /** The value to return. */
    Object of(Object[] arguments) throws ErrnoException;
  }

  private static final int FIRST_FD = 100;

  private final List<String> calls = new ArrayList<>();
  private final Map<String, Deque<Answer>> scripted = new HashMap<>();
  private final Map<String, Answer> standing = new HashMap<>();
  private final AtomicInteger nextFd = new AtomicInteger(FIRST_FD);
  private final Syscalls proxy =
      (Syscalls)
          Proxy.newProxyInstance(
              Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, new Recorder());

  /** The fake to hand to the code under test. */
  public Syscalls syscalls() {
    return proxy;
  }

  /** What was called so far, in order. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** The recorded lines that begin with that method's name. */
  public synchronized List<String> calls(String method) {
    return calls.stream().filter(c -> c.startsWith(method + "(")).toList();
  }

  /** Makes the next call of a method fail; repeated use scripts the calls after it. */
  @CanIgnoreReturnValue
  public RecordingSyscalls fail(String method, Errno errno) {
    return once(
        method,
        arguments -> {
          throw new ErrnoException(errno, method, show(arguments));
        });
  }

  /** Scripts the next call of a method; repeated use scripts the calls after it. */
  @CanIgnoreReturnValue
  public synchronized RecordingSyscalls once(String method, Answer answer) {
    scripted.computeIfAbsent(requireKnown(method), m -> new ArrayDeque<>()).add(answer);
    return this;
  }

  /** Scripts every call of a method that nothing else was scripted for. */
  @CanIgnoreReturnValue
  public synchronized RecordingSyscalls always(String method, Answer answer) {
    standing.put(requireKnown(method), answer);
    return this;
  }

  /** A new fake descriptor; closing it is recorded as {@code close(N)}. */
  public Fd newFd() {
    return new Fd(nextFd.getAndIncrement(), number -> record("close(" + number + ")"));
  }

  private synchronized void record(String call) {
    calls.add(call);
  }

  private synchronized @Nullable Answer answerFor(String method) {
    Deque<Answer> queue = scripted.get(method);
    return queue != null && !queue.isEmpty() ? queue.remove() : standing.get(method);
  }

  private static String requireKnown(String method) {
    if (Arrays.stream(Syscalls.class.getMethods()).noneMatch(m -> m.getName().equals(method))) {
      throw new IllegalArgumentException("no such system call: " + method);
    }
    return method;
  }

  private static String show(Object[] arguments) {
    return Arrays.stream(arguments).map(RecordingSyscalls::show).collect(Collectors.joining(", "));
  }

  private static String show(@Nullable Object argument) {
    if (argument instanceof byte[] bytes) {
      return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
    if (argument instanceof Set<?> set) {
      return set.stream().map(Object::toString).sorted().toList().toString();
    }
    return String.valueOf(argument);
  }

  private final class Recorder implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args)
        throws Throwable {
      Object[] arguments = args == null ? new Object[0] : args;
      if (method.getDeclaringClass() == Object.class) {
        return method.invoke(RecordingSyscalls.this, arguments);
      }
      if (method.isDefault() && !standing.containsKey(method.getName())) {
        return InvocationHandler.invokeDefault(self, method, arguments);
      }
      record(method.getName() + "(" + show(arguments) + ")");
      Answer answer = answerFor(method.getName());
      return answer != null ? answer.of(arguments) : plain(method.getReturnType());
    }

    private @Nullable Object plain(Class<?> type) {
      if (type == Fd.class) {
        return newFd();
      } else if (type == FdPair.class) {
        return new FdPair(newFd(), newFd());
      } else if (type == boolean.class) {
        return true;
      } else if (type == int.class) {
        return 0;
      } else if (type == long.class) {
        return 0L;
      } else if (type == List.class) {
        return List.of();
      } else if (type == Set.class) {
        return Set.of();
      } else if (type == byte[].class) {
        return new byte[0];
      } else if (type == Optional.class) {
        return Optional.empty();
      } else if (type == OptionalLong.class) {
        return OptionalLong.empty();
      } else if (type == void.class) {
        return null;
      }
      throw new IllegalStateException("script an answer of type " + type.getSimpleName());
    }
  }
}
