package org.amortis.io;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Writes [Json] values; the same value always gives the same text.
final class JsonWriter {
  private static final int LINE = 100;

  private final StringBuilder out = new StringBuilder();
  private final boolean sorted;

  private JsonWriter(boolean sorted) {
    this.sorted = sorted;
  }

  static String compact(Json value) {
    return new JsonWriter(false).flat(value);
  }

  static String canonical(Json value) {
    return new JsonWriter(true).flat(value);
  }

  static String pretty(Json value) {
    JsonWriter writer = new JsonWriter(false);
    writer.indented(value, "\n");
    return writer.out.append('\n').toString();
  }

  private String flat(Json value) {
    append(value);
    return out.toString();
  }

  private void append(Json value) {
    switch (value) {
      case Json.Obj object -> {
        Map<String, Json> members = sorted ? new TreeMap<>(object.members()) : object.members();
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Json> member : members.entrySet()) {
          out.append(separator);
          quote(member.getKey());
          out.append(':');
          append(member.getValue());
          separator = ",";
        }
        out.append('}');
      }
      case Json.Arr array -> {
        out.append('[');
        String separator = "";
        for (Json item : array.items()) {
          out.append(separator);
          append(item);
          separator = ",";
        }
        out.append(']');
      }
      case Json.Str text -> quote(text.value());
      case Json.Num number -> out.append(number);
      case Json.Bool truth -> out.append(truth.value());
      case Json.Null nothing -> out.append("null");
    }
  }

  private void indented(Json value, String lineStart) {
    String inner = lineStart + "  ";
    switch (value) {
      case Json.Obj object when !object.members().isEmpty() -> {
        out.append('{');
        Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
        while (members.hasNext()) {
          Map.Entry<String, Json> member = members.next();
          out.append(inner);
          quote(member.getKey());
          out.append(": ");
          indented(member.getValue(), inner);
          out.append(members.hasNext() ? "," : "");
        }
        out.append(lineStart).append('}');
      }
      case Json.Arr array when !array.items().isEmpty() -> items(array, lineStart, inner);
      case Json.Obj o -> append(o);
      case Json.Arr a -> append(a);
      case Json.Str s -> append(s);
      case Json.Num n -> append(n);
      case Json.Bool b -> append(b);
      case Json.Null n -> append(n);
    }
  }

  /// Numbers and short texts share a line; anything nested gets lines of its own.
  private void items(Json.Arr array, String lineStart, String inner) {
    boolean plain =
        array.items().stream().noneMatch(i -> i instanceof Json.Obj || i instanceof Json.Arr);
    if (plain) {
      String line =
          array.items().stream().map(JsonWriter::compact).collect(Collectors.joining(", "));
      if (line.length() <= LINE) {
        out.append('[').append(line).append(']');
        return;
      }
    }
    out.append('[');
    Iterator<Json> items = array.items().iterator();
    int column = LINE;
    while (items.hasNext()) {
      Json item = items.next();
      int start = out.length();
      if (plain && column < LINE) {
        out.append(' ');
        append(item);
      } else {
        out.append(inner);
        column = 0;
        indented(item, inner);
      }
      out.append(items.hasNext() ? "," : "");
      column += out.length() - start;
    }
    out.append(lineStart).append(']');
  }

  private void quote(String text) {
    if (!Utf8.isWellFormed(text)) {
      throw new IllegalArgumentException("half a surrogate pair in " + Fault.quote(text));
    }
    out.append('"').append(JsonStringEncoder.getInstance().quoteAsString(text)).append('"');
  }
}
