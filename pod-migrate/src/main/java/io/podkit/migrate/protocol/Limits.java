package io.podkit.migrate.protocol;

/** The sizes that both sides keep to. */
public final class Limits {

  /** Content of one {@link Bulk.Data} or {@link Bulk.MemoryPages}, in bytes. */
  public static final int MAX_CHUNK_BYTES = 1 << 20;

  /** One JSON message, in bytes; many types have a lower cap of their own. */
  public static final int MAX_JSON_BYTES = 1 << 20;

  /** Data connections of one migration. */
  public static final int MAX_DATA_CHANNELS = 64;

  /** Depth of objects and lists within a JSON message. */
  static final int MAX_JSON_DEPTH = 32;

  private Limits() {}
}
