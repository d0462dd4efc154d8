package io.podkit.fs.api;

/** In which form an image is exported. */
public enum ImageFormat {
  /** A tar file of an OCI image layout. */
  OCI,
  /** What {@code docker save} writes. */
  DOCKER_ARCHIVE,
  /** A tar file of the root directory as a pod would see it: all layers merged. */
  ROOTFS_TAR
}
