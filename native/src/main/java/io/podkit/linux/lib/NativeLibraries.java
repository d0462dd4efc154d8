package io.podkit.linux.lib;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Loads C libraries and checks that each function we declare is really there.
 *
 * <p>JNR itself reports a missing library at once but a missing function only when it is called,
 * which may be in the middle of a migration.
 */
public final class NativeLibraries {

  private static final int RTLD_NOW = 2;
  private static final int RTLD_GLOBAL = 0x100;

  private NativeLibraries() {}

  private static @Nullable LibC loaded;

  /**
   * The C library, loaded once.
   *
   * @throws UnsatisfiedLinkError naming everything that is missing
   */
  public static synchronized LibC libc() {
    LibC libc = loaded;
    if (libc == null) {
      libc = LibraryLoader.create(LibC.class).failImmediately().load("libc.so.6");
      requireAll(libc, null, LibC.class, "libc.so.6 (glibc 2.34 or newer is needed)");
      loaded = libc;
    }
    return libc;
  }

  /**
   * Loads a library from an absolute path and binds it.
   *
   * @param before libraries that it needs but that are not on the loader's path; loaded first, and
   *     found by their names because they are loaded already
   * @throws UnsatisfiedLinkError if one cannot be loaded or lacks a function
   */
  public static <T> T load(Class<T> type, String path, List<String> before) {
    LibC libc = libc();
    for (String needed : before) {
      open(libc, needed);
    }
    Pointer handle = open(libc, path);
    T library = LibraryLoader.create(type).failImmediately().load(path);
    requireAll(libc, handle, type, path);
    return library;
  }

  private static Pointer open(LibC libc, String path) {
    Pointer handle = libc.dlopen(cString(path), RTLD_NOW | RTLD_GLOBAL);
    if (handle == null) {
      throw new UnsatisfiedLinkError("cannot load " + path + ": " + libc.dlerror());
    }
    return handle;
  }

  private static void requireAll(LibC libc, @Nullable Pointer handle, Class<?> type, String shown) {
    Set<String> missing = new TreeSet<>();
    for (Method function : type.getMethods()) {
      if (libc.dlsym(handle, cString(function.getName())) == null) {
        missing.add(function.getName());
      }
    }
    if (!missing.isEmpty()) {
      throw new UnsatisfiedLinkError(shown + " lacks " + String.join(", ", missing));
    }
  }

  private static byte[] cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
