package io.podkit.cli.terminal;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands a signal of this process to a handler instead of letting it end the JVM, until it is
 * closed. The handler runs on a thread of the JVM's own.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only way (supported by module jdk.unsupported); it is
 * reached by reflection because javac warns of every mention and lets nobody silence it.
 */
public final class SignalTrap implements AutoCloseable {
  private final Method handle;
  private final Object signal;
  private final Object previous;
  private boolean closed;

  private SignalTrap(Method handle, Object signal, Object previous) {
    this.handle = handle;
    this.signal = signal;
    this.previous = previous;
  }

  /**
   * Installs a handler.
   *
   * @param name without SIG: {@code INT}
   * @param handler gets the signal's number
   * @throws IllegalArgumentException if the JVM keeps that signal for itself
   */
  public static SignalTrap install(String name, IntConsumer handler) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Constructor<?> constructor = signalType.getConstructor(String.class);
      Method number = signalType.getMethod("getNumber");
      Method handle = signalType.getMethod("handle", signalType, handlerType);
      Object signal = constructor.newInstance(name);
      int value = (int) number.invoke(signal);
      Object proxy =
          Proxy.newProxyInstance(
              MethodHandles.lookup().lookupClass().getClassLoader(),
              new Class<?>[] {handlerType},
              (self, method, arguments) -> invoked(self, method, arguments, handler, value));
      return new SignalTrap(handle, signal, handle.invoke(null, signal, proxy));
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("cannot handle signal " + name, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no sun.misc.Signal", e);
    }
  }

  private static @Nullable Object invoked(
      Object self, Method method, Object @Nullable [] arguments, IntConsumer handler, int signal) {
    return switch (method.getName()) {
      case "handle" -> {
        handler.accept(signal);
        yield null;
      }
      case "equals" -> arguments != null && self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "handler of signal " + signal;
    };
  }

  /** Brings the previous handler back. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      handle.invoke(null, signal, previous);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot restore a signal handler", e);
    }
  }
}
