package io.podkit.migrate.protocol;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every type of frame: its number on the wire, how it is written, and how long it may be.
 *
 * <p>A number is never used again for something else.
 */
public enum MessageType {
  PING(0x0001, Session.Ping.class, Format.EMPTY, 0),
  FAILURE(0x0002, Session.Failure.class, Format.JSON, Cap.SMALL),
  HELLO(0x0003, Session.Hello.class, Format.JSON, Cap.SMALL),
  WELCOME(0x0004, Session.Welcome.class, Format.JSON, Cap.SMALL),

  PREFLIGHT(0x0010, Control.Preflight.class, Format.JSON, Limits.MAX_JSON_BYTES),
  PREFLIGHT_ANSWER(0x0011, Control.PreflightAnswer.class, Format.JSON, Limits.MAX_JSON_BYTES),
  PREPARE(0x0012, Control.Prepare.class, Format.JSON, Limits.MAX_JSON_BYTES),
  PREPARED(0x0013, Control.Prepared.class, Format.JSON, Cap.SMALL),
  RESTORE(0x0014, Control.Restore.class, Format.JSON, Cap.SMALL),
  RESTORED(0x0015, Control.Restored.class, Format.JSON, Cap.SMALL),
  GRANT(0x0016, Control.Grant.class, Format.JSON, Cap.SMALL),
  COMMITTED(0x0017, Control.Committed.class, Format.JSON, Cap.SMALL),
  ABORT(0x0018, Control.Abort.class, Format.JSON, Cap.SMALL),
  ABORTED(0x0019, Control.Aborted.class, Format.JSON, Cap.SMALL),
  STATUS_QUERY(0x001a, Control.StatusQuery.class, Format.JSON, Cap.SMALL),
  STATUS(0x001b, Control.Status.class, Format.JSON, Cap.SMALL),
  AWAIT_FILLED(0x001c, Control.AwaitFilled.class, Format.JSON, Cap.SMALL),
  FILLED(0x001d, Control.Filled.class, Format.JSON, Cap.SMALL),
  LINK_PROBE(0x001e, Control.LinkProbe.class, Format.BINARY, Cap.PROBE),
  LINK_PROBED(0x001f, Control.LinkProbed.class, Format.JSON, Cap.SMALL),
  RESUME(0x0020, Control.Resume.class, Format.JSON, Cap.SMALL),
  LAYER_QUERY(0x0021, Control.LayerQuery.class, Format.JSON, Limits.MAX_JSON_BYTES),
  LAYER_ANSWER(0x0022, Control.LayerAnswer.class, Format.JSON, Limits.MAX_JSON_BYTES),
  FILE_NEEDS(0x0023, Control.FileNeeds.class, Format.JSON, Limits.MAX_JSON_BYTES),
  FILE_ANSWER(0x0024, Control.FileAnswer.class, Format.JSON, Limits.MAX_JSON_BYTES),

  HOST_QUERY(0x0030, Control.HostQuery.class, Format.JSON, Cap.SMALL),
  HOST_REPORT(0x0031, Control.HostReport.class, Format.JSON, Limits.MAX_JSON_BYTES),
  HOST_MARK(0x0032, Control.HostMark.class, Format.JSON, Cap.SMALL),
  EVACUATE(0x0033, Control.Evacuate.class, Format.JSON, Limits.MAX_JSON_BYTES),
  EVACUATION(0x0034, Control.Evacuation.class, Format.JSON, Limits.MAX_JSON_BYTES),
  EVACUATION_QUERY(0x0035, Control.EvacuationQuery.class, Format.JSON, Cap.SMALL),
  EVACUATION_CANCEL(0x0036, Control.EvacuationCancel.class, Format.JSON, Cap.SMALL),

  CHANNEL_OPEN(0x0100, Bulk.ChannelOpen.class, Format.JSON, Cap.SMALL),
  CHANNEL_READY(0x0101, Bulk.ChannelReady.class, Format.JSON, Cap.SMALL),
  DATA(0x0102, Bulk.Data.class, Format.BINARY, Cap.DATA),
  SYNC(0x0103, Bulk.Sync.class, Format.JSON, Cap.SMALL),
  SYNCED(0x0104, Bulk.Synced.class, Format.JSON, Cap.SMALL),
  LAYER_BEGIN(0x0110, Bulk.LayerBegin.class, Format.JSON, Cap.SMALL),
  LAYER_END(0x0111, Bulk.LayerEnd.class, Format.JSON, Cap.SMALL),
  LAYER_STORED(0x0112, Bulk.LayerStored.class, Format.JSON, Cap.SMALL),
  LAYER_OFFER(0x0113, Bulk.LayerOffer.class, Format.JSON, Cap.SMALL),
  LAYER_WANTED(0x0114, Bulk.LayerWanted.class, Format.JSON, Cap.SMALL),
  LAYER_REST(0x0115, Bulk.LayerRest.class, Format.JSON, Cap.SMALL),
  TREE_BEGIN(0x0120, Bulk.TreeBegin.class, Format.JSON, Cap.SMALL),
  TREE_END(0x0121, Bulk.TreeEnd.class, Format.JSON, Cap.SMALL),
  TREE_APPLIED(0x0122, Bulk.TreeApplied.class, Format.JSON, Cap.SMALL),
  IMAGE_BEGIN(0x0130, Bulk.ImageBegin.class, Format.JSON, Cap.SMALL),
  IMAGE_END(0x0131, Bulk.ImageEnd.class, Format.JSON, Cap.SMALL),
  MEMORY_OPEN(0x0140, Bulk.MemoryOpen.class, Format.JSON, Cap.SMALL),
  MEMORY_PAGES(0x0141, Bulk.MemoryPages.class, Format.BINARY, Cap.PAGES),
  MEMORY_CLOSE(0x0142, Bulk.MemoryClose.class, Format.JSON, Cap.SMALL),
  PAGE_BATCH(0x0150, Bulk.PageBatch.class, Format.BINARY, Cap.BATCH),
  PAGES_WANTED(0x0151, Bulk.PagesWanted.class, Format.BINARY, BinaryCodec.WANTED_BYTES);

  /** How the payload of a frame is written. */
  enum Format {
    /** No payload. */
    EMPTY,
    /** One JSON object. */
    JSON,
    /** A fixed head and raw bytes, see {@link BinaryCodec}. */
    BINARY
  }

  /** Caps that several types share; a class of its own because an enum's constants come first. */
  private static final class Cap {
    static final int SMALL = 64 << 10;
    static final int PROBE = BinaryCodec.DATA_HEAD_BYTES + Control.LinkProbe.MAX_BYTES;
    static final int DATA = BinaryCodec.DATA_HEAD_BYTES + Limits.MAX_CHUNK_BYTES;
    static final int BATCH =
        BinaryCodec.BATCH_HEAD_BYTES
            + Bulk.PageBatch.MAX_TABLE_BYTES
            + Bulk.PageBatch.MAX_CONTENT_BYTES;
    static final int PAGES = BinaryCodec.PAGES_HEAD_BYTES + Limits.MAX_CHUNK_BYTES;
  }

  private static final Map<Integer, MessageType> BY_CODE = new HashMap<>();
  private static final Map<Class<?>, MessageType> BY_MESSAGE = new HashMap<>();

  static {
    for (MessageType type : values()) {
      BY_CODE.put(type.code, type);
      BY_MESSAGE.put(type.message, type);
    }
  }

  private final int code;
  private final Class<? extends Message> message;
  private final Format format;
  private final int maxBytes;

  MessageType(int code, Class<? extends Message> message, Format format, int maxBytes) {
    this.code = code;
    this.message = message;
    this.format = format;
    this.maxBytes = maxBytes;
  }

  /** The type with that number, or null. */
  static @Nullable MessageType byCode(int code) {
    return BY_CODE.get(code);
  }

  /** The type of that message's class. */
  static MessageType of(Class<?> message) {
    MessageType type = BY_MESSAGE.get(message);
    if (type == null) {
      throw new IllegalArgumentException(message + " has no type");
    }
    return type;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** Longest payload in bytes. */
  public int maxBytes() {
    return maxBytes;
  }

  Class<? extends Message> message() {
    return message;
  }

  Format format() {
    return format;
  }
}
