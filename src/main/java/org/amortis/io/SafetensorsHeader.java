package org.amortis.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.amortis.engine.Failure;

/// The header of a safetensors file, read token by token: the first departure from the schema ends
/// it, so a hostile header cannot grow into a large tree.
///
/// @param tensors where each tensor lies, in the order of the bytes
/// @param metadata the texts under `__metadata__`, sorted by key
record SafetensorsHeader(List<Place> tensors, Map<String, String> metadata) {
  /// One tensor; `begin` and `end` count from the first byte of data.
  record Place(String name, ElementType type, int[] shape, long begin, long end) {
    int count() {
      return (int) ((end - begin) / type.size());
    }
  }

  static final String METADATA = "__metadata__";
  private static final int MAX_TENSORS = 65_536;
  private static final int MAX_DIGITS = 1000;
  static final int MAX_TEXT = 1 << 21; // a card of 2 MiB
  private static final Comparator<Place> BY_BYTES =
      Comparator.comparingLong(Place::begin)
          .thenComparingLong(Place::end)
          .thenComparing(Place::name);
  // Levels: header, tensor, shape.
  private static final JsonFactory FACTORY = JsonReader.factory(3, MAX_TEXT);

  /// Parses `text`, which begins at byte 8 of `place` and is followed by `dataSize` bytes.
  static SafetensorsHeader parse(byte[] text, String place, long dataSize) {
    if (text.length == 0 || text[0] != '{') {
      throw Fault.at(place, 8, "no '{'", "a JSON object as header");
    }
    Utf8.check(text, place, 8);
    checkBulk(text, place);
    Parsing parsing = new Parsing(place, text);
    try (JsonParser parser = FACTORY.createParser(text)) {
      parsing.header(parser);
      parsing.padding((int) parser.currentLocation().getByteOffset());
    } catch (JsonProcessingException e) {
      throw JsonReader.malformed(place + ": header", e);
    } catch (IOException e) {
      throw Failure.internal(place + ": " + e.getMessage()).causedBy(e);
    }
    parsing.tensors.sort(BY_BYTES);
    checkTiling(parsing.tensors, place, dataSize);
    return new SafetensorsHeader(parsing.tensors, parsing.metadata);
  }

  /// Counts objects and digits before any parsing: very many tensors, or one number of megabytes,
  /// are known ways to stall a reader.
  private static void checkBulk(byte[] text, String place) {
    int objects = 0;
    int digits = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length; i++) {
      byte b = text[i];
      if (b == '"') {
        quoted = !quoted;
      } else if (quoted && b == '\\') {
        i++;
      } else if (!quoted && b == '{') {
        objects++;
      }
      digits = !quoted && b >= '0' && b <= '9' ? digits + 1 : 0;
      if (digits > MAX_DIGITS) {
        throw Fault.at(place, 8L + i, "a number of more than " + MAX_DIGITS + " digits", "16");
      }
    }
    if (objects > MAX_TENSORS + 2) { // the header itself and its metadata
      throw Fault.data(place, "a header of " + objects + " objects", "at most " + MAX_TENSORS);
    }
  }

  /// Tensors must tile the data: a hole or a trailer could hide something, an overlap is a bomb.
  private static void checkTiling(List<Place> tensors, String place, long dataSize) {
    long end = 0;
    for (Place tensor : tensors) {
      if (tensor.begin() != end) {
        throw Fault.data(
            place,
            "tensor " + Fault.quote(tensor.name()) + " begins at data byte " + tensor.begin(),
            end + (tensor.begin() < end ? ": tensors overlap" : ": a hole"));
      }
      end = tensor.end();
    }
    if (end != dataSize) {
      throw Fault.data(
          place,
          dataSize + " bytes of data",
          end + " as the header declares: cut short or extended");
    }
  }

  /// The header as text, without padding: metadata sorted by key, tensors in the order of bytes.
  String text() {
    Json.Obj header = Json.Obj.empty();
    if (!metadata.isEmpty()) {
      Map<String, Json> texts = new LinkedHashMap<>();
      new TreeMap<>(metadata).forEach((key, value) -> texts.put(key, Json.of(value)));
      header = header.with(METADATA, new Json.Obj(texts));
    }
    Map<String, Json> members = new LinkedHashMap<>(header.members());
    for (Place tensor : tensors.stream().sorted(BY_BYTES).toList()) {
      members.put(
          tensor.name(),
          Json.Obj.empty()
              .with("dtype", tensor.type().safetensorsName())
              .with(
                  "shape",
                  new Json.Arr(
                      Arrays.stream(tensor.shape()).mapToObj(s -> Json.of((long) s)).toList()))
              .with(
                  "data_offsets",
                  new Json.Arr(List.of(Json.of(tensor.begin()), Json.of(tensor.end())))));
    }
    return new Json.Obj(members).compact();
  }

  /// The header without one of its metadata texts.
  SafetensorsHeader without(String key) {
    Map<String, String> rest = new TreeMap<>(metadata);
    rest.remove(key);
    return new SafetensorsHeader(tensors, rest);
  }

  private static final class Parsing {
    private final String place;
    private final byte[] text;
    private final List<Place> tensors = new ArrayList<>();
    private final Map<String, String> metadata = new TreeMap<>();

    Parsing(String place, byte[] text) {
      this.place = place;
      this.text = text;
    }

    void header(JsonParser parser) throws IOException {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        checkName(parser, name);
        if (name.equals(METADATA)) {
          metadata(parser);
        } else {
          if (tensors.size() == MAX_TENSORS) {
            throw Fault.data(place, "more than " + MAX_TENSORS + " tensors", "at most that many");
          }
          tensors.add(tensor(parser, name));
        }
      }
    }

    /// Only blanks may fill the header's last bytes.
    void padding(int from) {
      for (int i = from; i < text.length; i++) {
        if (text[i] != ' ') {
          throw Fault.at(place, 8L + i, "byte " + (text[i] & 0xFF) + " after the header", "blanks");
        }
      }
    }

    private void checkName(JsonParser parser, String name) {
      boolean control = name.chars().anyMatch(c -> c < ' ' || c == 127);
      if (name.isEmpty() || control || !Utf8.isWellFormed(name)) {
        throw at(parser, "name " + Fault.quote(name), "printable text");
      }
    }

    private void metadata(JsonParser parser) throws IOException {
      expect(parser, JsonToken.START_OBJECT, "an object of texts under " + METADATA);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        expect(parser, JsonToken.VALUE_STRING, "a text for metadata " + Fault.quote(key));
        String value = parser.getText();
        if (!Utf8.isWellFormed(key) || !Utf8.isWellFormed(value)) {
          throw at(parser, "half a surrogate pair", "Unicode text");
        }
        metadata.put(key, value);
      }
    }

    private Place tensor(JsonParser parser, String name) throws IOException {
      ElementType type = null;
      int[] shape = null;
      long[] range = null;
      expect(parser, JsonToken.START_OBJECT, "an object for tensor " + Fault.quote(name));
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        switch (key) {
          case "dtype" -> type = type(parser);
          case "shape" -> shape = shape(parser);
          case "data_offsets" -> range = range(parser);
          default -> throw at(parser, "key " + Fault.quote(key), "dtype, shape and data_offsets");
        }
      }
      if (type == null || shape == null || range == null) {
        throw at(
            parser,
            "tensor " + Fault.quote(name) + " lacks a key",
            "dtype, shape and data_offsets");
      }
      checkSize(name, type, shape, range);
      return new Place(name, type, shape, range[0], range[1]);
    }

    private void checkSize(String name, ElementType type, int[] shape, long[] range) {
      long count = 1;
      try {
        for (int size : shape) {
          count = Math.multiplyExact(count, (long) size);
        }
        if (Math.multiplyExact(count, (long) type.size()) == range[1] - range[0]
            && count <= NpyArray.MAX_ELEMENTS) {
          return;
        }
      } catch (ArithmeticException tooLarge) {
        count = -1;
      }
      throw Fault.data(
          place,
          "tensor " + Fault.quote(name) + " of " + (range[1] - range[0]) + " bytes",
          count < 0 || count > NpyArray.MAX_ELEMENTS
              ? "at most " + NpyArray.MAX_ELEMENTS + " elements, not shape " + NpyArray.text(shape)
              : count * type.size() + " for shape " + NpyArray.text(shape) + " of " + type);
    }

    private ElementType type(JsonParser parser) throws IOException {
      expect(parser, JsonToken.VALUE_STRING, "a text as dtype");
      String name = parser.getText();
      Optional<ElementType> type = ElementType.ofSafetensors(name);
      if (type.isEmpty()) {
        throw at(parser, "dtype " + Fault.quote(name), Arrays.toString(ElementType.values()));
      }
      return type.get();
    }

    private int[] shape(JsonParser parser) throws IOException {
      expect(parser, JsonToken.START_ARRAY, "a list as shape");
      int[] sizes = new int[8];
      int rank = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (rank == NpyArray.MAX_RANK) {
          throw at(parser, "more than 64 axes", "at most 64");
        }
        sizes = rank == sizes.length ? Arrays.copyOf(sizes, 2 * rank) : sizes;
        long size = whole(parser);
        if (size > Integer.MAX_VALUE) {
          throw at(parser, "an axis of " + size, "at most " + Integer.MAX_VALUE);
        }
        sizes[rank++] = (int) size;
      }
      return Arrays.copyOf(sizes, rank);
    }

    private long[] range(JsonParser parser) throws IOException {
      expect(parser, JsonToken.START_ARRAY, "two data_offsets");
      parser.nextToken();
      long begin = whole(parser);
      parser.nextToken();
      long end = whole(parser);
      expect(parser, JsonToken.END_ARRAY, "two data_offsets");
      if (begin > end) {
        throw at(parser, "data_offsets " + begin + " to " + end, "begin before end");
      }
      return new long[] {begin, end};
    }

    /// A whole number from 0 to 2^53, the range in which all JSON readers agree.
    private long whole(JsonParser parser) throws IOException {
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= 16) {
        String digits = parser.getText();
        long value = Long.parseLong(digits);
        if (digits.charAt(0) != '-' && value <= 1L << 53) {
          return value;
        }
      }
      throw at(parser, "found " + shown(parser), "a whole number from 0 to 2^53");
    }

    private void expect(JsonParser parser, JsonToken token, String expected) throws IOException {
      JsonToken found = parser.nextToken();
      if (found != token) {
        throw at(parser, "found " + shown(parser), expected);
      }
    }

    private static String shown(JsonParser parser) throws IOException {
      return switch (parser.currentToken()) {
        case null -> "the end";
        case START_OBJECT -> "an object";
        case START_ARRAY -> "a list";
        case END_OBJECT, END_ARRAY -> "the end of a list or object";
        case VALUE_STRING -> "a text";
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
            parser.getTextLength() > 20
                ? "a number of " + parser.getTextLength() + " digits"
                : parser.getText();
        case VALUE_TRUE, VALUE_FALSE -> "a truth value";
        case VALUE_NULL -> "null";
        case FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
      };
    }

    private Failure at(JsonParser parser, String found, String expected) {
      return Fault.at(place, 8 + parser.currentTokenLocation().getByteOffset(), found, expected);
    }
  }
}
