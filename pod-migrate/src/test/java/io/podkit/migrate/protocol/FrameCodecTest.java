package io.podkit.migrate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.PodkitException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {

  @Test
  void samples_areOneOfEveryType() {
    List<MessageType> types = SampleMessages.all().stream().map(Message::type).toList();

    assertThat(types).containsExactlyInAnyOrder(MessageType.values());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 1 << 20})
  void conversation_comesBackInPiecesOfAnySize(int piece) throws Exception {
    List<Frame> expected = new ArrayList<>();
    for (Message message : SampleMessages.all()) {
      expected.add(new Frame(expected.size(), message));
    }

    assertThat(Decoding.decode(SampleMessages.conversation(), piece)).isEqualTo(expected);
  }

  @Test
  void conversation_cutAnywhere_isTruncatedUnlessBetweenFrames() throws Exception {
    byte[] whole = SampleMessages.conversation();
    Set<Integer> boundaries = boundaries();
    FrameDecoder decoder = new FrameDecoder();
    for (int length = 0; length < whole.length; length++) {
      assertThat(decoder.atBoundary()).isEqualTo(boundaries.contains(length));
      if (!decoder.atBoundary()) {
        assertThat(decoder.truncated().violation())
            .isEqualTo(ProtocolException.Violation.TRUNCATED);
      }
      Decoding.feed(decoder, ByteBuffer.wrap(whole, length, 1), 1);
    }
  }

  private static Set<Integer> boundaries() throws PodkitException {
    Set<Integer> at = new HashSet<>();
    int length = 0;
    for (Message message : SampleMessages.all()) {
      at.add(length);
      for (ByteBuffer part : FrameEncoder.encode(new Frame(0, message))) {
        length += part.remaining();
      }
    }
    return at;
  }

  // The bytes of docs/protocol.md. If one of these tests fails, the protocol has changed and peers
  // of an earlier release will not understand this one.

  @Test
  void preamble_golden() {
    assertThat(hex(new ProtocolVersion(1, 2).preamble())).isEqualTo("504f444b495400010002");
  }

  @Test
  void ping_golden() throws Exception {
    assertThat(encode(0, new Session.Ping())).isEqualTo("00000000" + "0001" + "0000" + "00000000");
  }

  @Test
  void statusQuery_golden() throws Exception {
    String json = "{\"schemaVersion\":1,\"migration\":\"0123456789abcdef0123456789abcdef\"}";
    assertThat(encode(7, new Control.StatusQuery(SampleMessages.MIGRATION)))
        .isEqualTo(
            "00000042"
                + "001a"
                + "0000"
                + "00000007"
                + HexFormat.of().formatHex(json.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void data_golden() throws Exception {
    // CRC32C("123456789") is the check value of the algorithm's definition.
    assertThat(encode(5, new Bulk.Data(SampleMessages.bytes("123456789"))))
        .isEqualTo("0000000d" + "0102" + "0000" + "00000005" + "e3069283" + "313233343536373839");
  }

  @Test
  void memoryPages_golden() throws Exception {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    assertThat(encode(0, new Bulk.MemoryPages(0x0102, 0x7fff_0000_1000L, 3, 1, nothing)))
        .isEqualTo(
            "0000001c"
                + "0141"
                + "0000"
                + "00000000"
                + "ba041408"
                + "0000000000000102"
                + "00007fff00001000"
                + "00000003"
                + "00000001");
  }

  @Test
  void pagesWanted_golden() throws Exception {
    assertThat(encode(9, new Bulk.PagesWanted(0x0102, 0x7fff_0000_1000L, 3)))
        .isEqualTo(
            "00000018"
                + "0151"
                + "0000"
                + "00000009"
                + "5e03d922"
                + "0000000000000102"
                + "00007fff00001000"
                + "00000003");
  }

  @Test
  void restoreAndResume_golden() throws Exception {
    assertThat(json(new Control.Restore(true)))
        .isEqualTo("{\"schemaVersion\":1,\"memoryFollows\":true}");
    assertThat(json(new Control.Resume(SampleMessages.MIGRATION, 3)))
        .isEqualTo(
            "{\"schemaVersion\":1,\"migration\":\"0123456789abcdef0123456789abcdef\",\"dataChannels\":3}");
  }

  @Test
  void layers_golden() throws Exception {
    String digest = SampleMessages.LAYER.toString();
    assertThat(json(new Bulk.LayerOffer(SampleMessages.LAYER, 4096)))
        .isEqualTo("{\"schemaVersion\":1,\"digest\":\"" + digest + "\",\"size\":4096}");
    assertThat(json(new Bulk.LayerWanted(false, 512, SampleMessages.LAYER)))
        .isEqualTo(
            "{\"schemaVersion\":1,\"here\":false,\"offset\":512,\"prefix\":\"" + digest + "\"}");
    assertThat(json(new Bulk.LayerRest(SampleMessages.LAYER, 512)))
        .isEqualTo("{\"schemaVersion\":1,\"digest\":\"" + digest + "\",\"offset\":512}");
  }

  private static String json(Message message) throws PodkitException {
    return new String(JsonCodec.write(message), StandardCharsets.US_ASCII);
  }

  @Test
  void restored_golden() throws Exception {
    assertThat(new String(JsonCodec.write(SampleMessages.all().get(9)), StandardCharsets.US_ASCII))
        .isEqualTo("{\"schemaVersion\":1,\"timings\":[{\"name\":\"criu\",\"time\":\"PT1.5S\"}]}");
  }

  @Test
  void typeNumbers_golden() {
    StringBuilder numbers = new StringBuilder();
    for (MessageType type : MessageType.values()) {
      numbers.append(Integer.toHexString(type.code())).append(' ');
    }
    assertThat(numbers.toString().strip())
        .isEqualTo(
            "1 2 3 4 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 22 23 24 30 31 32 33 34"
                + " 35 36 100 101 102 103 104 110 111 112 113 114 115 120 121 122 130 131 140 141 142 150 151");
  }

  @Test
  void encode_refusesWhatThePeerWouldRefuse() {
    String tooLong = "x".repeat(Limits.MAX_JSON_BYTES);
    assertThatThrownBy(
            () ->
                FrameEncoder.encode(
                    new Frame(
                        1,
                        new Control.Prepare(
                            SampleMessages.MIGRATION, tooLong, 1, false, List.of()))))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("PREPARE message of 1048");
  }

  @Test
  void encode_doesNotCopyNorConsumeContent() throws Exception {
    ByteBuffer content = SampleMessages.bytes("hello");
    ByteBuffer[] parts = FrameEncoder.encode(new Frame(1, new Bulk.Data(content)));

    content.put(0, (byte) 'J');
    assertThat(parts[1].get(0)).isEqualTo((byte) 'J');
    assertThat(content.remaining()).isEqualTo(5);
  }

  private static String encode(int id, Message message) throws PodkitException {
    ByteBuffer[] parts = FrameEncoder.encode(new Frame(id, message));
    return hex(parts[0]) + hex(parts[1]);
  }

  private static String hex(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.duplicate().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
