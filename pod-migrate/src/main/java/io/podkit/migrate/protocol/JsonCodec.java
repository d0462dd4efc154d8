package io.podkit.migrate.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * Control messages as JSON: one object with {@code schemaVersion} and the record's components.
 * Members that this side does not know are ignored, so that a newer peer may add some; members it
 * needs must be there.
 */
final class JsonCodec {

  /** Rises when a member is added; for people who read a dump of the conversation. */
  private static final int SCHEMA_VERSION = 1;

  private static final ObjectMapper MAPPER = mapper();

  private JsonCodec() {}

  static byte[] write(Message message) {
    ObjectNode object = MAPPER.createObjectNode().put("schemaVersion", SCHEMA_VERSION);
    object.setAll(MAPPER.<ObjectNode>valueToTree(message));
    try {
      return MAPPER.writeValueAsBytes(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + message.type(), e);
    }
  }

  /**
   * Reads a payload of that type.
   *
   * @throws ProtocolException CONTENT whatever is wrong with it
   */
  static Message read(MessageType type, ByteBuffer payload) throws ProtocolException {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    try {
      Message message = MAPPER.readValue(bytes, type.message());
      if (message != null) {
        return message;
      }
    } catch (IOException e) {
      throw new ProtocolException(
          Violation.CONTENT,
          "the peer sent a malformed " + type + " message: " + reason(e),
          null,
          e);
    }
    throw ProtocolException.of(Violation.CONTENT, "the peer sent an empty " + type + " message");
  }

  /** The first cause in words; Jackson's own message adds the source's text, which is hostile. */
  private static String reason(IOException e) {
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String text =
        innermost instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : innermost.getMessage();
    return PeerText.clean(text == null ? innermost.getClass().getSimpleName() : text);
  }

  private static ObjectMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(Limits.MAX_JSON_DEPTH)
                    .maxStringLength(Limits.MAX_JSON_BYTES)
                    .maxDocumentLength(Limits.MAX_JSON_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .addModule(new JavaTimeModule())
        .addModule(values())
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  private static SimpleModule values() {
    SimpleModule module = new SimpleModule("podkit-wire");
    text(module, LayerDigest.class, LayerDigest::toString, LayerDigest::parse);
    text(module, MigrationId.class, MigrationId::hex, MigrationId::new);
    text(module, ChannelToken.class, ChannelToken::hex, ChannelToken::new);
    return module;
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> parse) {
    module.addSerializer(
        type,
        new JsonSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeString(write.apply(value));
          }
        });
    module.addDeserializer(
        type,
        new JsonDeserializer<T>() {
          @Override
          public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String text = in.getValueAsString("");
            try {
              return parse.apply(text);
            } catch (IllegalArgumentException e) {
              throw context.weirdStringException(text, type, e.getMessage());
            }
          }
        });
  }
}
