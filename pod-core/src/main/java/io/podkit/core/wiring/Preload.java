package io.podkit.core.wiring;

import io.podkit.core.store.Json;
import io.podkit.core.store.PodRecord;
import io.podkit.linux.JnrSyscalls;
import org.slf4j.LoggerFactory;

/**
 * What every change of a pod needs and what takes long to load, in the order in which it will be
 * wanted. Loaded beside the reading of the command line, it makes {@code pod run} a fifth shorter.
 */
public final class Preload {
  private Preload() {}

  /** Returns at once. What fails here fails again, and is reported, where it is used. */
  public static void start() {
    Thread thread = new Thread(Preload::load, "preload");
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((failed, failure) -> {});
    thread.start();
  }

  private static void load() {
    Json.mapper().readerFor(PodRecord.class);
    JnrSyscalls.preload();
    LoggerFactory.getLogger(Preload.class);
    Json.mapper().writerFor(PodRecord.class);
  }
}
