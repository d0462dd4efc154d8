package io.podkit.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DetachKeysTest {
  private final AtomicInteger detached = new AtomicInteger();

  private InputStream keys(String typed) {
    byte[] bytes = new byte[typed.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = typed.charAt(i);
      bytes[i] = (byte) (c == 'P' ? 0x10 : c == 'Q' ? 0x11 : c);
    }
    return new DetachKeys(
        new ByteArrayInputStream(bytes),
        () -> {
          detached.incrementAndGet();
          Thread.currentThread().interrupt(); // what follows must not wait for ever in a test
        });
  }

  private static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append((char) (b == 0x10 ? 'P' : b == 0x11 ? 'Q' : b));
    }
    return text.toString();
  }

  @Test
  void otherKeys_passUnchanged() throws IOException {
    assertThat(text(keys("abcQdPePPf").readAllBytes())).isEqualTo("abcQdPePPf");
    assertThat(detached).hasValue(0);
  }

  @Test
  void singleReads_passUnchanged() throws IOException {
    try (InputStream keys = keys("aPb")) {
      assertThat(keys.read()).isEqualTo('a');
      assertThat(keys.read()).isEqualTo(0x10);
      assertThat(keys.read()).isEqualTo('b');
      assertThat(keys.read()).isEqualTo(-1);
    }
  }

  @Test
  void ctrlPThenCtrlQ_detaches() throws IOException {
    for (String typed : new String[] {"abPQc", "PQ", "PPQ"}) {
      int before = detached.get();
      try (InputStream keys = keys(typed)) {
        keys.readAllBytes();
      } catch (IOException e) {
        assertThat(e).hasMessage("detached");
      }
      assertThat(Thread.interrupted()).isTrue();
      assertThat(detached).as(typed).hasValue(before + 1);
    }
  }
}
