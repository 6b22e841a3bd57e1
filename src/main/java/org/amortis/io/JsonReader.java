package org.amortis.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Failure;

/// Strict JSON into [Json] values; recursion is bounded by the parser's limit on depth.
final class JsonReader {
  private static final int MAX_DEPTH = 64;
  private static final JsonFactory FACTORY = factory(MAX_DEPTH, 1 << 26);

  private final String place;

  JsonReader(String place) {
    this.place = place;
  }

  /// A parser factory that accepts the grammar of RFC 8259 only and counts offsets in bytes.
  static JsonFactory factory(int depth, int textLength) {
    return new JsonFactoryBuilder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxNumberLength(1100)
                .maxStringLength(textLength)
                .maxNameLength(4096)
                .build())
        .build();
  }

  Json read(byte[] utf8) {
    Utf8.check(utf8, place, 0);
    if (utf8.length >= 3 && utf8[0] == (byte) 0xEF && utf8[1] == (byte) 0xBB) {
      throw Fault.at(place, 0, "a byte-order mark", "JSON text")
          .advise("save as UTF-8 without BOM");
    }
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      if (parser.nextToken() == null) {
        throw Failure.data(place + ": empty, expected a JSON value");
      }
      Json value = value(parser);
      if (parser.nextToken() != null) {
        throw at(parser.currentTokenLocation(), "more text after the value, expected the end");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw malformed(place, e);
    } catch (IOException e) {
      throw Failure.internal(place + ": " + e.getMessage()).causedBy(e);
    }
  }

  /// What the parser found wrong, with line and column but without its hints to programmers.
  static Failure malformed(String place, JsonProcessingException e) {
    String text =
        e.getOriginalMessage()
            .replaceFirst("(?s)\\n.*", "")
            .replaceFirst(" \\((start marker at|not recognized as one since).*", "")
            .replaceFirst(", from `[^`]*`", "")
            .replaceFirst(": enable `.*", "");
    return Failure.data(place + where(e.getLocation()) + ": " + printable(text)).causedBy(e);
  }

  private static String printable(String text) {
    String quoted = Fault.quote(text.substring(0, Math.min(text.length(), 60)));
    String start = quoted.substring(1, quoted.length() - 1);
    if (text.length() <= 60) {
      return start;
    }
    return start + printable(text.substring(60, Math.min(text.length(), 300)));
  }

  private static String where(JsonLocation location) {
    return location == null
        ? ""
        : ": line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private Failure at(JsonLocation location, String line) {
    return Failure.data(place + where(location) + ": " + line);
  }

  private Json value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Json.Str(text(parser, parser.getText()));
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> number(parser);
      case VALUE_TRUE -> Json.of(true);
      case VALUE_FALSE -> Json.of(false);
      case VALUE_NULL -> Json.Null.NULL;
      case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw at(parser.currentTokenLocation(), "expected a value");
    };
  }

  private Json object(JsonParser parser) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = text(parser, parser.currentName());
      parser.nextToken();
      members.put(key, value(parser));
    }
    return new Json.Obj(members);
  }

  private Json array(JsonParser parser) throws IOException {
    List<Json> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return new Json.Arr(items);
  }

  private String text(JsonParser parser, String text) {
    if (!Utf8.isWellFormed(text)) {
      throw at(parser.currentTokenLocation(), "half a surrogate pair, expected Unicode text");
    }
    return text;
  }

  private Json integer(JsonParser parser) throws IOException {
    String text = parser.getText();
    try {
      return Json.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw at(
          parser.currentTokenLocation(),
          "number " + Fault.quote(text) + ", expected a whole number of at most 64 bits");
    }
  }

  private Json number(JsonParser parser) throws IOException {
    String text = parser.getText();
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw at(
          parser.currentTokenLocation(),
          "number " + Fault.quote(text) + ", expected at most 1.8e308 in size");
    }
    return Json.of(value);
  }
}
