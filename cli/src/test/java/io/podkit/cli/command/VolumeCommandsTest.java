package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.FakeVolumes;
import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolumeCommandsTest {
  private final PodShell shell = new PodShell();

  @BeforeEach
  void fill() {
    shell.host.volumes.all.add(FakeVolumes.named("pgdata", "db"));
    shell.host.volumes.all.add(FakeVolumes.left("/srv/web", "web", true));
    shell.host.volumes.all.add(FakeVolumes.left("/srv/wiki", "wiki", false));
  }

  @Test
  void create_keepsLabels() {
    Result result = shell.run("volume", "create", "--label", "team=db", "-l", "plain", "pgdata");
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("pgdata\n");
    assertThat(shell.host.volumes.calls).containsExactly("create pgdata {team=db, plain=}");
  }

  @Test
  void create_refusesPaths() {
    Result result = shell.run("volume", "create", "/srv/data");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("'/srv/data'").contains("name of a volume");
    assertThat(shell.host.volumes.calls).isEmpty();
  }

  @Test
  void ls_showsWhatWasLeftBehind() {
    Golden.check("volume-ls.txt", shell.run("volume", "ls").out());
    Golden.check("volume-ls.json", shell.run("volume", "ls", "-o", "json").out());
    assertThat(shell.run("volume", "ls", "-q").out()).isEqualTo("pgdata\n/srv/web\n/srv/wiki\n");
  }

  @Test
  void inspect_isAnArray() {
    Golden.check("volume-inspect.json", shell.run("volume", "inspect", "pgdata").out());
    assertThat(shell.run("volume", "inspect", "nope").code()).isEqualTo(3);
  }

  @Test
  void rm_namesWhatItRemoved() {
    assertThat(shell.run("volume", "rm", "--force", "pgdata").out()).isEqualTo("pgdata\n");
    assertThat(shell.run("volume", "rm", "-o", "json", "pgdata").out()).contains("\"pgdata\"");
    assertThat(shell.host.volumes.calls)
        .containsExactly("remove pgdata true", "remove pgdata false");
  }

  @Test
  void prune_namesWhatItRemoved() {
    assertThat(shell.run("volume", "prune").out()).isEqualTo("old\n");
  }
}
