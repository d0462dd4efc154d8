package io.podkit.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class PodkitExceptionTest {

  @Test
  void during_addsContextAndKeepsKindAndHint() {
    PodkitException inner = PodkitException.unsupported("no overlayfs", new Hint("load it"));
    PodkitException outer = inner.during("cannot start pod web");

    assertThat(outer).hasMessage("cannot start pod web: no overlayfs").hasCause(inner);
    assertThat(outer.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
    assertThat(outer.hint()).isEqualTo(new Hint("load it"));
  }

  @Test
  void withHint_keepsAnEarlierHint() {
    PodkitException e = PodkitException.unsupported("x", new Hint("first"));
    assertThat(e.withHint(new Hint("second"))).isSameAs(e);
    assertThat(PodkitException.conflict("x").withHint(new Hint("second")).hint())
        .isEqualTo(new Hint("second"));
  }

  @Test
  void io_saysWhyWhenTheJdkGivesOnlyAPath() {
    assertThat(PodkitException.io("cannot read spec", new NoSuchFileException("/a")))
        .hasMessage("cannot read spec: /a: NoSuchFileException");
    assertThat(PodkitException.io("cannot read spec", new IOException("EIO")))
        .hasMessage("cannot read spec: EIO");
  }
}
