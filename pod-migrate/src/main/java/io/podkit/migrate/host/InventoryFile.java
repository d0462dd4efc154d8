package io.podkit.migrate.host;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.KnownHost;
import io.podkit.resource.DurableFile;
import io.podkit.resource.HostLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The inventory in one file, replaced as a whole; changes wait for each other. */
public final class InventoryFile implements Inventory {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path file;
  private final ObjectMapper json;

  /**
   * The content of the file.
   *
   * @param schemaVersion 1
   * @param hosts by name
   */
  private record Content(int schemaVersion, List<KnownHost> hosts) {}

  /** The inventory in that file, which need not be there yet. */
  public InventoryFile(Path file, ObjectMapper json) {
    this.file = file;
    this.json = json;
  }

  @Override
  public List<KnownHost> list() throws PodkitException {
    return List.copyOf(read().values());
  }

  @Override
  public void put(KnownHost host) throws PodkitException {
    try (HostLock lock = lock()) {
      Map<String, KnownHost> hosts = read();
      hosts.put(host.name(), host);
      write(hosts.values());
    }
  }

  @Override
  public boolean remove(String name) throws PodkitException {
    try (HostLock lock = lock()) {
      Map<String, KnownHost> hosts = read();
      boolean known = hosts.remove(name) != null;
      write(hosts.values());
      return known;
    }
  }

  private HostLock lock() throws PodkitException {
    return HostLock.take(
        file.resolveSibling(file.getFileName() + ".lock"), PATIENCE, "change the inventory");
  }

  private Map<String, KnownHost> read() throws PodkitException {
    Map<String, KnownHost> hosts = new TreeMap<>();
    try {
      Content content = json.readValue(Files.readAllBytes(file), Content.class);
      content.hosts().forEach(host -> hosts.put(host.name(), host));
    } catch (NoSuchFileException e) {
      return hosts;
    } catch (IOException e) {
      throw PodkitException.io("cannot read the inventory of hosts, " + file, e);
    }
    return hosts;
  }

  private void write(Collection<KnownHost> hosts) throws PodkitException {
    try {
      DurableFile.write(file, json.writeValueAsBytes(new Content(1, List.copyOf(hosts))));
    } catch (IOException e) {
      throw PodkitException.io("cannot write the inventory of hosts, " + file, e);
    }
  }
}
