package io.podkit.migrate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule, broken once. */
class HostileFrameTest {

  @Test
  void unknownType() {
    assertViolation(Violation.TYPE, "unknown type 0x7777", header(0, 0x7777, 0));
  }

  @Test
  void reservedFlags() {
    assertViolation(Violation.RESERVED, "PING frame with unknown flags 0x1", header(0, 1, 1));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "65537, 3", "1048577, 0x10", "1048581, 0x102", "1048605, 0x141", "25, 0x151"})
  void oversized_isRefusedByItsHeaderAlone(int length, String type) {
    assertViolation(
        Violation.LENGTH, "of " + length + " bytes", header(length, Integer.decode(type), 0));
  }

  @Test
  void length_isUnsigned() {
    assertViolation(Violation.LENGTH, "of 4294967295 bytes", header(-1, 0x10, 0));
  }

  @ParameterizedTest
  @CsvSource({"0x102, 3", "0x141, 27", "0x151, 23"})
  void binaryFrame_shorterThanItsHead(String type, int length) {
    assertViolation(
        Violation.LENGTH,
        "of only " + length + " bytes",
        frame(Integer.decode(type), new byte[length]));
  }

  @Test
  void wrongChecksum() throws Exception {
    byte[] conversation = encoded(new Bulk.Data(SampleMessages.bytes("hello")));
    conversation[conversation.length - 1] ^= 1;

    assertViolation(Violation.CHECKSUM, "DATA frame whose checksum is wrong", conversation);
  }

  @Test
  void data_withoutContent() {
    assertViolation(Violation.CONTENT, "length of a chunk is 0", frame(0x102, new byte[4]));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 257, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void pagesWanted_thatNoBatchCouldAnswer(int pages) {
    assertViolation(
        Violation.CONTENT, "pages is " + pages + ", not between 1 and 256", wanted(pages));
  }

  @Test
  void pagesWanted_ofABrokenWire() {
    byte[] frame = wanted(1);
    frame[frame.length - 1] ^= 2;
    assertViolation(Violation.CHECKSUM, "PAGES_WANTED frame whose checksum is wrong", frame);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65, -1})
  void resume_withChannelsThatNoHostGrants(int channels) {
    String json = "{\"migration\":\"%s\",\"dataChannels\":%d}";
    String id = SampleMessages.MIGRATION.hex();
    assertViolation(Violation.CONTENT, "RESUME", frame(0x20, utf8(json.formatted(id, channels))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"marks\":{\"cordon\":\"ON\",\"set\":{\"a b\":\"c\"},\"unset\":[],\"forget\":[]}}",
        "{\"marks\":{\"cordon\":\"MAYBE\",\"set\":{},\"unset\":[],\"forget\":[]}}",
        "{\"marks\":{\"cordon\":\"ON\",\"set\":null,\"unset\":[],\"forget\":[]}}",
        "{\"marks\":null}"
      })
  void hostMark_thatNoHostKeeps(String json) {
    assertViolation(Violation.CONTENT, "HOST_MARK", frame(0x32, utf8(json)));
  }

  @Test
  void hostReport_ofAHostThatIsNone() {
    String json = "{\"status\":{\"name\":\"a\",\"cpus\":0}}";
    assertViolation(Violation.CONTENT, "HOST_REPORT", frame(0x31, utf8(json)));
  }

  @Test
  void restore_thatDoesNotSayWhetherMemoryFollows() {
    assertViolation(Violation.CONTENT, "RESTORE", frame(0x14, utf8("{}")));
  }

  @Test
  void memoryPages_thatAreNotWholePages() {
    byte[] frame = pages(3, 8192);
    assertViolation(Violation.CONTENT, "8192 bytes are not 3 pages", frame);
  }

  @Test
  void memoryPages_ofASizeThatNoPageHas() {
    assertViolation(Violation.CONTENT, "pages of 2048 bytes", pages(4, 8192));
  }

  @Test
  void memoryPages_ofNegativeNumber() {
    assertViolation(Violation.CONTENT, "pages is -1", pages(-1, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "1",
        "{",
        "{}",
        "{\"migration\":null}",
        "{\"migration\":\"../../etc/passwd\"}",
        "{\"migration\":\"0123456789abcdef0123456789abcdef\"} trailing",
        "{\"migration\":\"0123456789abcdef0123456789abcdef\",\"migration\":\"x\"}",
        "{\"migration\":[\"0123456789abcdef0123456789abcdef\"]}",
        "\u0000"
      })
  void json_thatIsNotTheMessage(String json) {
    assertViolation(Violation.CONTENT, "STATUS_QUERY", frame(0x1a, utf8(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"state\":\"PENDING\"}",
        "{\"state\":1}",
        "{\"state\":\"\"}",
        "{\"state\":\"owned\"}"
      })
  void json_withAStateThatDoesNotExist(String json) {
    assertViolation(Violation.CONTENT, "STATUS", frame(0x1b, utf8(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "1.5", "\"1\"", "9223372036854775808", "1e9999999", "true", "null", "{}"})
  void json_withANumberThatIsNone(String number) {
    String json = "{\"digest\":\"sha256:" + "ab".repeat(32) + "\",\"size\":" + number + "}";
    assertViolation(Violation.CONTENT, "LAYER_BEGIN", frame(0x110, utf8(json)));
  }

  @Test
  void json_nestedTooDeep() {
    String json = "{\"x\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";
    assertViolation(Violation.CONTENT, "RESTORE", frame(0x14, utf8(json)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", ".hidden", "", "x y", "\\u0000", "a\\u0000b", "..", "."})
  void imageName_thatLeadsElsewhere(String name) {
    assertViolation(
        Violation.CONTENT, "IMAGE_BEGIN", frame(0x130, utf8("{\"name\":\"" + name + "\"}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65", "-1", "2147483647"})
  void prepare_withChannelsNobodyGrants(String channels) {
    String json =
        "{\"migration\":\""
            + SampleMessages.MIGRATION
            + "\",\"podRecord\":\"\",\"dataChannels\":"
            + channels
            + ",\"pageBatches\":false,\"volumes\":[]}";
    assertViolation(Violation.CONTENT, "dataChannels is " + channels, frame(0x12, utf8(json)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", "..", "."})
  void volume_ofAFileElsewhere(String name) {
    String offer =
        "{\"destination\":\"/d\",\"fileName\":\""
            + name
            + "\",\"entries\":0,\"bytes\":0,\"digest\":\"\",\"labels\":{}}";
    String json =
        "{\"migration\":\""
            + SampleMessages.MIGRATION
            + "\",\"podRecord\":\"\",\"dataChannels\":1,\"pageBatches\":false,\"volumes\":[{\"offer\":"
            + offer
            + ",\"kind\":\"COPY\",\"reason\":\"\"}]}";
    assertViolation(Violation.CONTENT, "is not a file name", frame(0x12, utf8(json)));
  }

  @Test
  void unknownMembers_areIgnored() throws Exception {
    byte[] frame =
        frame(0x1b, utf8("{\"state\":\"OWNED\",\"since\":{\"a\":[1]},\"schemaVersion\":9}"));

    assertThat(Decoding.decode(frame, 100).get(0).message())
        .isEqualTo(new Control.Status(MigrationState.OWNED));
  }

  @Test
  void message_doesNotRepeatThePeersEscapeSequences() {
    byte[] frame = frame(0x1b, utf8("{\"state\":\"\\u001b[2J\\u202e\"}"));

    assertThatThrownBy(() -> Decoding.decode(frame, 100))
        .isInstanceOf(ProtocolException.class)
        .message()
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void text_isMadeHarmless() throws Exception {
    byte[] frame =
        frame(0x02, utf8("{\"kind\":\"NO\",\"what\":\"a\\u001b[2J\\nb\\u202ec\",\"hint\":\"\"}"));

    Session.Failure failure = (Session.Failure) Decoding.decode(frame, 100).get(0).message();
    assertThat(failure.what()).isEqualTo("a [2J b c");
    assertThat(failure.errorKind()).isEqualTo(ErrorKind.PEER);
  }

  @Test
  void token_isNotShown() {
    assertThat(new Control.Prepared(SampleMessages.TOKEN, 1).toString()).doesNotContain("fedcba");
  }

  private static void assertViolation(Violation violation, String what, byte[] bytes) {
    assertThatThrownBy(() -> Decoding.decode(bytes, Integer.MAX_VALUE))
        .asInstanceOf(type(ProtocolException.class))
        .satisfies(
            e -> {
              assertThat(e.violation()).isEqualTo(violation);
              assertThat(e.kind()).isEqualTo(ErrorKind.PEER);
              assertThat(e.what()).contains(what).hasSizeLessThan(2000);
            });
  }

  private static byte[] pages(int pages, int length) {
    ByteBuffer payload = ByteBuffer.allocate(28 + length);
    payload.putInt(20, pages);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(payload.array(), 4, payload.capacity() - 4);
    payload.putInt(0, (int) crc.getValue());
    return frame(0x141, payload.array());
  }

  private static byte[] wanted(int pages) {
    ByteBuffer payload = ByteBuffer.allocate(24);
    payload.putInt(20, pages);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(payload.array(), 4, payload.capacity() - 4);
    payload.putInt(0, (int) crc.getValue());
    return frame(0x151, payload.array());
  }

  private static byte[] encoded(Message message) throws PodkitException {
    ByteBuffer[] parts = FrameEncoder.encode(new Frame(1, message));
    return ByteBuffer.allocate(parts[0].remaining() + parts[1].remaining())
        .put(parts[0])
        .put(parts[1])
        .array();
  }

  private static byte[] header(int length, int type, int flags) {
    return ByteBuffer.allocate(12)
        .putInt(length)
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(1)
        .array();
  }

  private static byte[] frame(int type, byte[] payload) {
    return ByteBuffer.allocate(12 + payload.length)
        .put(header(payload.length, type, 0))
        .put(payload)
        .array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
