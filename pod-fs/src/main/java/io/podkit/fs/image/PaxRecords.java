package io.podkit.fs.image;

import io.podkit.fs.dir.RawPath;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of pax extension headers, {@code LENGTH KEY=VALUE\n}, kept byte for byte: values of
 * extended attributes are not text.
 */
final class PaxRecords {

  private static final String XATTR = "SCHILY.xattr.";
  private static final String XATTR_BASE64 = "LIBARCHIVE.xattr.";
  private static final int MAX_LENGTH_DIGITS = 10;

  private final Map<String, String> values = new HashMap<>();

  /** The pairs of format 0.0, which repeats two keys. */
  private final List<String> sparsePairs = new ArrayList<>();

  /** Adds the records of one header; later values replace earlier ones, an empty one removes. */
  void add(byte[] payload) throws TarException {
    int at = 0;
    while (at < payload.length && payload[at] != 0) {
      int blank = indexOf(payload, ' ', at);
      int length = length(payload, at, blank);
      int end = at + length;
      if (end > payload.length || end <= blank || payload[end - 1] != '\n') {
        throw new TarException("an extension header is broken");
      }
      String record = RawPath.of(Arrays.copyOfRange(payload, blank + 1, end - 1));
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw new TarException("an extension header is broken");
      }
      put(record.substring(0, equals), record.substring(equals + 1));
      at = end;
    }
  }

  private void put(String key, String value) {
    if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
      sparsePairs.add(value);
    } else if (value.isEmpty() && !key.startsWith(XATTR)) {
      values.remove(key);
    } else {
      values.put(key, value);
    }
  }

  void addAll(PaxRecords others) {
    values.putAll(others.values);
  }

  @Nullable String find(String key) {
    return values.get(key);
  }

  long number(String key, long otherwise) throws TarException {
    String value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    return parse(value);
  }

  /** Seconds with a fraction. */
  Instant time(String key, Instant otherwise) throws TarException {
    String value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      BigDecimal seconds = new BigDecimal(value);
      long whole = seconds.setScale(0, RoundingMode.FLOOR).longValueExact();
      BigDecimal rest = seconds.subtract(BigDecimal.valueOf(whole));
      return Instant.ofEpochSecond(whole, rest.movePointRight(9).longValue());
    } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
      throw new TarException("an extension header has a malformed time");
    }
  }

  /**
   * Extended attributes, as star and GNU tar or as libarchive write them; sorted, because a
   * filesystem may list them in the order in which they were set, and mksquashfs stores them so.
   */
  SortedMap<String, byte[]> xattrs() throws TarException {
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String key = entry.getKey();
      if (key.startsWith(XATTR)) {
        xattrs.put(key.substring(XATTR.length()), RawPath.bytes(entry.getValue()));
      } else if (key.startsWith(XATTR_BASE64)) {
        String name = key.substring(XATTR_BASE64.length());
        xattrs.putIfAbsent(name, base64(entry.getValue()));
      }
    }
    return xattrs;
  }

  /** The offsets and lengths of a sparse file's data in formats 0.0 and 0.1; else null. */
  @Nullable List<Long> sparseMap() throws TarException {
    String map = values.get("GNU.sparse.map");
    List<String> numbers = map != null ? List.of(map.split(",", -1)) : sparsePairs;
    if (numbers.isEmpty()) {
      return null;
    }
    List<Long> parsed = new ArrayList<>();
    for (String number : numbers) {
      parsed.add(parse(number));
    }
    return parsed;
  }

  static long parse(String decimal) throws TarException {
    try {
      return Long.parseLong(decimal);
    } catch (NumberFormatException e) {
      throw new TarException("an extension header has a malformed number");
    }
  }

  private static byte[] base64(String text) throws TarException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new TarException("an extension header has a malformed attribute");
    }
  }

  private static int length(byte[] payload, int from, int to) throws TarException {
    if (to < 0 || to == from || to - from > MAX_LENGTH_DIGITS) {
      throw new TarException("an extension header is broken");
    }
    long length = parse(RawPath.of(Arrays.copyOfRange(payload, from, to)));
    if (length <= 0 || length > payload.length - from) {
      throw new TarException("an extension header is broken");
    }
    return (int) length;
  }

  private static int indexOf(byte[] payload, char c, int from) {
    for (int i = from; i < payload.length; i++) {
      if (payload[i] == c) {
        return i;
      }
    }
    return -1;
  }
}
