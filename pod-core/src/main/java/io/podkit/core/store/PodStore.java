package io.podkit.core.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The pods' records on disk. A record is written to a temporary file, flushed and renamed, so a
 * crash leaves the old one or the new one. Thread-safe; two writers of one pod are kept apart by
 * {@link PodLocks}.
 */
public final class PodStore {
  private static final String RECORD = "pod.json";

  private final HostDirs dirs;
  private final ObjectMapper json;

  public PodStore(HostDirs dirs, ObjectMapper json) {
    this.dirs = dirs;
    this.json = json;
  }

  /** The pod's durable directory, whether it exists or not. */
  public Path directory(PodName name) {
    return dirs.root().resolve("pods").resolve(name.value());
  }

  public Optional<PodRecord> find(PodName name) throws PodkitException {
    Path file = directory(name).resolve(RECORD);
    try {
      return Optional.of(decode(Files.readAllBytes(file), file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw PodkitException.io("cannot read the record of pod " + name, e);
    }
  }

  public PodRecord get(PodName name) throws PodkitException {
    Optional<PodRecord> record = find(name);
    if (record.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND,
          "no pod named " + name,
          new Hint("pod ps -a lists the pods of this host"));
    }
    return record.get();
  }

  /** Every pod that has a record, by name. */
  public List<PodRecord> list() throws PodkitException {
    List<PodRecord> records = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(dirs.root().resolve("pods"))) {
      for (Path entry : entries) {
        find(new PodName(entry.getFileName().toString())).ifPresent(records::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw PodkitException.io("cannot list the pods of " + dirs.root(), e);
    }
    records.sort(Comparator.comparing(record -> record.name().value()));
    return records;
  }

  /** Makes {@code record} what a reader, and a crash, finds from now on. */
  public void save(PodRecord record) throws PodkitException {
    try {
      DurableFile.write(directory(record.name()).resolve(RECORD), encode(record));
    } catch (IOException e) {
      throw PodkitException.io("cannot write the record of pod " + record.name(), e);
    }
  }

  /** Makes the pod unknown; its files are the caller's to remove afterwards. */
  public void delete(PodName name) throws PodkitException {
    try {
      DurableFile.delete(directory(name).resolve(RECORD));
    } catch (IOException e) {
      throw PodkitException.io("cannot delete the record of pod " + name, e);
    }
  }

  /** The record as it is written to disk and sent to other hosts. */
  public byte[] encode(PodRecord record) throws PodkitException {
    try {
      return json.writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw PodkitException.internal("cannot encode the record of pod " + record.name(), e);
    }
  }

  /**
   * Reads a record from bytes that may come from a damaged disk or a hostile peer.
   *
   * @param where where the bytes come from, for the message
   */
  public PodRecord decode(byte[] bytes, String where) throws PodkitException {
    PodRecord record;
    try {
      record = json.readValue(bytes, PodRecord.class);
    } catch (IOException e) {
      throw PodkitException.internal("the pod record in " + where + " is damaged", e);
    }
    if (record.schemaVersion() > PodRecord.SCHEMA_VERSION) {
      throw PodkitException.unsupported(
          "the pod record in " + where + " was written by a newer Podkit",
          new Hint("update Podkit on this host"));
    }
    return record;
  }
}
