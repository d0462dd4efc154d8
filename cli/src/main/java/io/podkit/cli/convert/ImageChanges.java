package io.podkit.cli.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ExposedPort;
import io.podkit.fs.api.ImageConfig;
import io.podkit.linux.SignalName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --change} says about running an image, in a Containerfile's words: {@code CMD ["a",
 * "b"]} or {@code CMD a b}, {@code ENV NAME=VALUE}. The form without brackets is a shell's line, as
 * there.
 */
public final class ImageChanges {
  private List<String> entrypoint = List.of();
  private List<String> command = List.of();
  private final List<String> environment = new ArrayList<>();
  private @Nullable String workdir;
  private @Nullable String user;
  private @Nullable String stopSignal;
  private final List<String> ports = new ArrayList<>();
  private final List<String> volumes = new ArrayList<>();
  private final Map<String, String> labels = new TreeMap<>();

  private ImageChanges() {}

  /**
   * All changes together; a later one replaces an earlier of the same name.
   *
   * @throws PodkitException USAGE for an instruction that is none of ours
   */
  public static ImageConfig apply(List<String> instructions) throws PodkitException {
    ImageChanges changes = new ImageChanges();
    for (String instruction : instructions) {
      changes.apply(instruction.strip());
    }
    return new ImageConfig(
        changes.entrypoint,
        changes.command,
        changes.environment,
        changes.workdir,
        changes.user,
        changes.stopSignal,
        changes.ports,
        changes.volumes,
        changes.labels);
  }

  private void apply(String instruction) throws PodkitException {
    String[] parts = instruction.split("[ =\t]+", 2);
    String rest = parts.length < 2 ? "" : parts[1].strip();
    if (rest.isEmpty()) {
      throw PodkitException.usage("--change: '" + instruction + "' says nothing");
    }
    switch (parts[0].toUpperCase(Locale.ROOT)) {
      case "CMD" -> command = words(rest);
      case "ENTRYPOINT" -> entrypoint = words(rest);
      case "ENV" -> environment.add(variable(rest));
      case "WORKDIR" -> workdir = rest;
      case "USER" -> user = rest;
      case "STOPSIGNAL" ->
          stopSignal = SignalName.of(Typed.value("--change", rest, SignalName::parse));
      case "EXPOSE" ->
          ports.addAll(Typed.values("--change", List.of(rest.split("[ \t]+")), ExposedPort::parse));
      case "VOLUME" -> volumes.addAll(paths(rest));
      case "LABEL" -> label(rest);
      default ->
          throw PodkitException.usage(
              "--change: '"
                  + parts[0]
                  + "' is none of CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME"
                  + " and WORKDIR");
    }
  }

  private void label(String text) throws PodkitException {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw PodkitException.usage("--change: LABEL '" + text + "' is not NAME=VALUE");
    }
    labels.put(text.substring(0, equals), text.substring(equals + 1));
  }

  private static List<String> paths(String text) throws PodkitException {
    List<String> paths = text.startsWith("[") ? words(text) : List.of(text.split("[ \t]+"));
    for (String path : paths) {
      if (!path.startsWith("/")) {
        throw PodkitException.usage("--change: VOLUME '" + path + "' is no absolute path");
      }
    }
    return paths;
  }

  private static String variable(String text) throws PodkitException {
    if (text.indexOf('=') <= 0) {
      throw PodkitException.usage("--change: ENV '" + text + "' is not NAME=VALUE");
    }
    return text;
  }

  private static List<String> words(String text) throws PodkitException {
    if (!text.startsWith("[")) {
      return List.of("/bin/sh", "-c", text);
    }
    try {
      return new ObjectMapper().readValue(text, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw PodkitException.usage("--change: " + text + " is not a list of strings in JSON");
    }
  }
}
