package io.podkit.migrate.protocol;

import io.podkit.fs.api.LayerDigest;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * What travels on data connections. A transfer is one request made of several frames with the same
 * id: a {@link Begin}, any number of {@link Data}, and its end.
 */
public sealed interface Bulk extends Message {

  /** Opens a transfer whose content follows as {@link Data}. */
  sealed interface Begin extends Bulk {}

  /** Closes a transfer. */
  sealed interface End extends Bulk {}

  /**
   * The first frame of a data connection: binds it to a migration.
   *
   * @param migration the migration
   * @param token what {@link Control.Prepared} gave
   * @param index which of the migration's connections this is, from 0
   */
  record ChannelOpen(MigrationId migration, ChannelToken token, int index)
      implements Bulk, Request<ChannelReady> {

    /** Refuses an index that no migration has. */
    public ChannelOpen {
      Checks.between(index, 0, Limits.MAX_DATA_CHANNELS - 1L, "index");
    }

    @Override
    public Class<ChannelReady> answerType() {
      return ChannelReady.class;
    }
  }

  /** The answer to {@link ChannelOpen}. */
  record ChannelReady() implements Bulk {}

  /**
   * A piece of the content of the transfer with the same id. Written as CRC32C, then the bytes.
   *
   * @param content 1 byte to {@link Limits#MAX_CHUNK_BYTES}. A received one belongs to the
   *     connection and holds until the next frame is received; a sent one belongs to the caller
   *     again once sending has returned
   */
  record Data(ByteBuffer content) implements Bulk {

    /** Refuses an empty or an overlong piece. */
    public Data {
      Checks.between(content.remaining(), 1, Limits.MAX_CHUNK_BYTES, "length of a chunk");
    }
  }

  /**
   * A layer's file follows.
   *
   * @param digest the layer
   * @param size of its file, in bytes
   */
  record LayerBegin(LayerDigest digest, long size) implements Begin {

    /** Refuses a negative size. */
    public LayerBegin {
      Checks.notNegative(size, "size of layer");
    }
  }

  /** The layer's file is complete. */
  record LayerEnd() implements End, Request<LayerStored> {
    @Override
    public Class<LayerStored> answerType() {
      return LayerStored.class;
    }
  }

  /** The answer to {@link LayerEnd}: the layer has that digest and is on the target's disk. */
  record LayerStored() implements Bulk {}

  /**
   * "I have this layer for you." The target answers when nobody else sends it that layer any more.
   * Needs {@link Capabilities#LAYER_RESUME}.
   *
   * @param digest the layer
   * @param size of its file, in bytes
   */
  record LayerOffer(LayerDigest digest, long size) implements Bulk, Request<LayerWanted> {

    /** Refuses a negative size. */
    public LayerOffer {
      Checks.notNegative(size, "size of layer");
    }

    @Override
    public Class<LayerWanted> answerType() {
      return LayerWanted.class;
    }
  }

  /**
   * The answer to {@link LayerOffer}. Unless the layer is there, the next thing on this connection
   * is its {@link LayerRest}.
   *
   * @param here whether the layer is there: nothing need be sent
   * @param offset how many bytes of it are there from an earlier transfer
   * @param prefix digest of those bytes
   */
  record LayerWanted(boolean here, long offset, LayerDigest prefix) implements Bulk {

    /** Refuses a negative offset. */
    public LayerWanted {
      Checks.notNegative(offset, "offset");
    }
  }

  /**
   * The rest of a layer's file follows.
   *
   * @param digest the layer
   * @param offset what {@link LayerWanted} said if that digest was right, else 0
   */
  record LayerRest(LayerDigest digest, long offset) implements Begin {

    /** Refuses a negative offset. */
    public LayerRest {
      Checks.notNegative(offset, "offset");
    }
  }

  /**
   * One pass over a tree follows.
   *
   * @param tree label of the tree: {@code upper}, {@code dev}, {@code shm}, {@code volume:/DIR}
   * @param pass 0 for the first, which carries everything
   */
  record TreeBegin(String tree, int pass) implements Begin {

    private static final int MAX_LABEL = PeerText.MAX_CHARS;

    /** Refuses labels that cannot be one, and a negative pass. */
    public TreeBegin {
      Checks.between(tree.length(), 1, MAX_LABEL, "length of a tree's label");
      if (!tree.equals(PeerText.clean(tree))) {
        throw new IllegalArgumentException("'" + PeerText.clean(tree) + "' is not a tree's label");
      }
      Checks.notNegative(pass, "pass");
    }
  }

  /** The pass is complete. */
  record TreeEnd() implements End, Request<TreeApplied> {
    @Override
    public Class<TreeApplied> answerType() {
      return TreeApplied.class;
    }
  }

  /**
   * The answer to {@link TreeEnd}: the target's tree is as the source's was.
   *
   * @param entries files, directories and others that were applied
   * @param bytes content that was written
   */
  record TreeApplied(long entries, long bytes) implements Bulk {

    /** Refuses negative numbers. */
    public TreeApplied {
      Checks.notNegative(entries, "entries");
      Checks.notNegative(bytes, "bytes");
    }
  }

  /**
   * One of CRIU's image files follows.
   *
   * @param name plain file name: no directory, no leading dot
   */
  record ImageBegin(String name) implements Begin {

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** Refuses whatever could lead out of the directory of images. */
    public ImageBegin {
      if (!LEGAL.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "'" + PeerText.clean(name) + "' is not the name of an image file");
      }
    }
  }

  /** The image file is complete. Not answered: {@link Sync} tells when all are stored. */
  record ImageEnd() implements End {}

  /**
   * Pages of one memory image follow on this connection.
   *
   * @param memory CRIU's number of the image (the {@code dst_id} of its page-server protocol)
   * @param pageSize bytes in a page: 4096, 16384 or 65536
   */
  record MemoryOpen(long memory, int pageSize) implements Bulk {

    /** Refuses page sizes that no Linux has. */
    public MemoryOpen {
      Checks.pageSize(pageSize);
    }
  }

  /**
   * Adjacent pages of one memory image. Written as CRC32C of the rest, memory, address, pages,
   * flags, content.
   *
   * @param memory which image
   * @param address virtual address (in shared memory: offset) of the first page
   * @param pages how many; 1 to 65536
   * @param flags CRIU's flags of this run ({@code PE_PRESENT}, {@code PE_PARENT}, {@code PE_LAZY})
   * @param content the pages, or nothing where the flags say that the target has them; owned as in
   *     {@link Data}
   */
  record MemoryPages(long memory, long address, int pages, int flags, ByteBuffer content)
      implements Bulk {

    private static final int MAX_PAGES = 1 << 16;

    /** Refuses content that is not that many pages of one size. */
    public MemoryPages {
      Checks.between(pages, 1, MAX_PAGES, "pages");
      Checks.between(content.remaining(), 0, Limits.MAX_CHUNK_BYTES, "length of a chunk");
      if (content.hasRemaining()) {
        if (content.remaining() % pages != 0) {
          throw new IllegalArgumentException(
              content.remaining() + " bytes are not " + pages + " pages");
        }
        Checks.pageSize(content.remaining() / pages);
      }
    }
  }

  /**
   * No more pages of that image come on this connection. Not answered: see {@link Sync}.
   *
   * @param memory which image
   */
  record MemoryClose(long memory) implements Bulk {}

  /**
   * Pages of one memory image from anywhere in it, in the order in which they are to be taken: what
   * comes later overwrites. Written as CRC32C of the rest, memory, codec, rawBytes, length of the
   * table, table, content.
   *
   * @param memory which image
   * @param codec how the content is packed: 0 not at all, 1 LZ4, 2 Zstandard
   * @param rawBytes length of the content unpacked
   * @param table which pages, and where each gets its content from; {@code docs/memory.md}
   * @param content the pages that come with it; both owned as in {@link Data}
   */
  record PageBatch(long memory, int codec, int rawBytes, ByteBuffer table, ByteBuffer content)
      implements Bulk {

    /** Longest table. */
    public static final int MAX_TABLE_BYTES = 16 << 10;

    /** What packing may add to content that cannot be packed. */
    public static final int MAX_CONTENT_BYTES = Limits.MAX_CHUNK_BYTES + (64 << 10);

    /** Refuses lengths that no batch has. */
    public PageBatch {
      Checks.between(codec, 0, 2, "codec");
      Checks.between(rawBytes, 0, Limits.MAX_CHUNK_BYTES, "length of a batch");
      Checks.between(table.remaining(), 1, MAX_TABLE_BYTES, "length of a table");
      Checks.between(content.remaining(), 0, MAX_CONTENT_BYTES, "length of a batch");
    }
  }

  /**
   * "Send me these pages, as they are": the one request of a target, about a pod that runs there
   * already or is about to. Answered by one batch with all of them, so that what is asked on one
   * connection need not wait behind what was asked on another. Needs {@link
   * Capabilities#FAULT_CHANNEL}. Written as CRC32C of the rest, memory, address, pages.
   *
   * @param memory which image; never shared memory, which came before
   * @param address of the first page
   * @param pages 1 to {@link #MAX_PAGES}
   */
  record PagesWanted(long memory, long address, int pages) implements Bulk, Request<PageBatch> {

    /** As many as one batch can bring. */
    public static final int MAX_PAGES = 256;

    /** Refuses what no batch could answer. */
    public PagesWanted {
      Checks.between(pages, 1, MAX_PAGES, "pages");
    }

    @Override
    public Class<PageBatch> answerType() {
      return PageBatch.class;
    }
  }

  /** "Tell me when everything I sent on this connection before this is stored." */
  record Sync() implements Bulk, Request<Synced> {
    @Override
    public Class<Synced> answerType() {
      return Synced.class;
    }
  }

  /** The answer to {@link Sync}. */
  record Synced() implements Bulk {}
}
