package io.podkit.migrate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.PodkitException;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The decoder is total: whatever comes, it gives frames or a ProtocolException. {@link Decoding}
 * checks on the way that it never wants nothing and never holds more than the largest frame.
 */
class FrameDecoderFuzzTest {

  private static final byte[] VALID = conversation();

  private static byte[] conversation() {
    try {
      return SampleMessages.conversation();
    } catch (PodkitException e) {
      throw new AssertionError(e);
    }
  }

  @Property(tries = 2000)
  void anyBytes(
      @ForAll @Size(max = 400) byte[] bytes, @ForAll @IntRange(min = 1, max = 50) int piece) {
    decode(bytes, piece);
  }

  @Property(tries = 5000)
  void anyPayloadBehindAGoodHeader(@ForAll("frames") byte[] bytes) {
    decode(bytes, Integer.MAX_VALUE);
  }

  @Property(tries = 3000)
  void aConversationWithAFewBytesChanged(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 11_000) Integer> places,
      @ForAll byte value) {
    byte[] bytes = VALID.clone();
    for (int place : places) {
      bytes[place % bytes.length] ^= value;
    }
    decode(bytes, 4096);
  }

  @Property(tries = 1000)
  void aConversationWithAPieceMissing(
      @ForAll @IntRange(min = 0, max = 11_000) int from,
      @ForAll @IntRange(min = 1, max = 40) int length) {
    int at = Math.min(from, VALID.length);
    int next = Math.min(at + length, VALID.length);
    byte[] bytes =
        ByteBuffer.allocate(VALID.length - (next - at))
            .put(VALID, 0, at)
            .put(VALID, next, VALID.length - next)
            .array();
    decode(bytes, 4096);
  }

  @Property(tries = 1000)
  void dataComesBack(@ForAll @Size(min = 1, max = 5000) byte[] content, @ForAll int id)
      throws Exception {
    ByteBuffer[] parts =
        FrameEncoder.encode(new Frame(id, new Bulk.Data(ByteBuffer.wrap(content))));
    byte[] bytes =
        ByteBuffer.allocate(parts[0].remaining() + parts[1].remaining())
            .put(parts[0])
            .put(parts[1])
            .array();

    assertThat(Decoding.decode(bytes, 1000))
        .containsExactly(new Frame(id, new Bulk.Data(ByteBuffer.wrap(content))));
  }

  /** JSON-like and binary payloads behind the header of every type. */
  @Provide
  Arbitrary<byte[]> frames() {
    Arbitrary<byte[]> json =
        Arbitraries.strings()
            .withChars("{}[]\":,0123456789.eE-+ntrufalsmigo\\\u0000\u00e9 ")
            .ofMaxLength(200)
            .map(text -> text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Arbitrary<byte[]> binary = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    return Combinators.combine(
            Arbitraries.of(MessageType.values()), Arbitraries.oneOf(json, binary))
        .as(
            (type, payload) ->
                ByteBuffer.allocate(12 + payload.length)
                    .putInt(payload.length)
                    .putShort((short) type.code())
                    .putShort((short) 0)
                    .putInt(1)
                    .put(payload)
                    .array());
  }

  private static void decode(byte[] bytes, int piece) {
    try {
      assertThat(Decoding.decode(bytes, piece)).isNotNull();
    } catch (ProtocolException e) {
      assertThat(e.what()).isNotBlank();
    }
  }
}
