package io.podkit.fs.export;

import io.podkit.fs.api.LayerDigest;
import java.io.IOException;
import java.util.List;

/** What an archive of an image has besides the layers' tar files. */
interface ArchiveForm {
  /**
   * A layer's tar file.
   *
   * @param layer what it is called on this host
   * @param diffId its digest
   * @param size its length in bytes
   */
  record LayerFile(LayerDigest layer, String diffId, long size) {}

  /** Writes the documents, which stand before the layers. */
  void begin(List<LayerFile> layers, TarWriter tar) throws IOException;

  /** Where a layer lies. */
  String path(LayerFile layer);
}
