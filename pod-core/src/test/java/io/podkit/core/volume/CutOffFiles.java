package io.podkit.core.volume;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeSize;
import io.podkit.fs.api.VolumeFiles;
import java.nio.file.Path;

/** Does what it is told until it has done a number of changes, then nothing: as a process dies. */
final class CutOffFiles implements VolumeFiles {
  private final VolumeFiles real;
  private int left;

  CutOffFiles(VolumeFiles real, int changes) {
    this.real = real;
    left = changes;
  }

  /** Lets it go on, for so many changes. */
  void allow(int changes) {
    left = changes;
  }

  private void change() throws PodkitException {
    if (left-- <= 0) {
      throw PodkitException.internal("cut off", null);
    }
  }

  @Override
  public void move(Path from, Path to) throws PodkitException {
    change();
    real.move(from, to);
  }

  @Override
  public void remove(Path place) throws PodkitException {
    change();
    real.remove(place);
  }

  @Override
  public void setAside(Path directory, String name) throws PodkitException {
    change();
    real.setAside(directory, name);
  }

  @Override
  public void bringBack(Path directory, String name) throws PodkitException {
    change();
    real.bringBack(directory, name);
  }

  @Override
  public void fill(Path root, Path path, Path into) throws PodkitException {
    change();
    real.fill(root, path, into);
  }

  @Override
  public String digest(Path place) throws PodkitException {
    return real.digest(place);
  }

  @Override
  public String stamp(Path place) throws PodkitException {
    return real.stamp(place);
  }

  @Override
  public TreeSize measure(Path place) throws PodkitException {
    return real.measure(place);
  }

  @Override
  public boolean isEmpty(Path directory) throws PodkitException {
    return real.isEmpty(directory);
  }
}
