package io.podkit.fs.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.LayerDigest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
  private static final ImageName WEB = new ImageName("local/web:v1");

  @TempDir Path directory;

  @Test
  void save_thenFindIsTheSame() throws Exception {
    Image image =
        new Image(
            WEB,
            List.of(new LayerDigest("ab".repeat(32))),
            Instant.EPOCH,
            7,
            new ImageConfig(
                List.of("/init"),
                List.of("-v"),
                List.of("A=b=c"),
                "/srv",
                "www-data",
                "SIGQUIT",
                List.of("80/tcp"),
                List.of("/data"),
                Map.of("tier", "web")));
    ImageFiles files = new ImageFiles(directory);
    files.save(image);
    assertThat(files.find(WEB)).contains(image);
    assertThat(files.list()).containsExactly(image);
  }

  @Test
  void fileOfAnOlderVersion_isRead() throws Exception {
    Files.writeString(
        directory.resolve("local%2Fweb:v1.json"),
        "{\"schemaVersion\": 1, \"name\": \"local/web:v1\", \"layers\": [\"sha256:"
            + "ab".repeat(32)
            + "\"], \"created\": \"1970-01-01T00:00:00Z\", \"size\": 7,"
            + " \"config\": {\"cmd\": [\"sh\"], \"user\": \"33\"}}");
    assertThat(new ImageFiles(directory).find(WEB).orElseThrow().config())
        .isEqualTo(new ImageConfig(List.of(), List.of("sh"), List.of(), null, "33"));
  }
}
