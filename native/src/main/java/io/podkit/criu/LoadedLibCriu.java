package io.podkit.criu;

import io.podkit.criu.lib.LibCriu;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.linux.lib.NativeLibraries;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The libcriu bindings of this process: each library is loaded once, when it is first needed. */
final class LoadedLibCriu {

  private static final Map<CriuBinary, LibCriu> LOADED = new HashMap<>();

  private LoadedLibCriu() {}

  /**
   * The binding of that libcriu.
   *
   * @throws PodkitException UNSUPPORTED if it cannot be loaded or lacks a function
   */
  static synchronized LibCriu of(CriuBinary binary) throws PodkitException {
    LibCriu loaded = LOADED.get(binary);
    if (loaded == null) {
      loaded = load(binary);
      LOADED.put(binary, loaded);
    }
    return loaded;
  }

  private static LibCriu load(CriuBinary binary) throws PodkitException {
    try {
      return NativeLibraries.load(
          LibCriu.class, binary.libcriu().toString(), List.of(binary.libprotobufc().toString()));
    } catch (UnsatisfiedLinkError e) {
      throw new PodkitException(
          ErrorKind.UNSUPPORTED, "cannot use libcriu: " + e.getMessage(), CriuHints.NO_CRIU, e);
    }
  }
}
