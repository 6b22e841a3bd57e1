package org.amortis.io;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.amortis.engine.Failure;

/// The header of an npy file: a Python dictionary with the keys descr, fortran_order and shape.
///
/// Read by a grammar of its own that knows nothing else of Python: plain strings, True, False and
/// tuples of whole numbers. Source: NumPy Enhancement Proposal 1 and numpy.lib.format.
record NpyHeader(ElementType type, ByteOrder order, boolean fortran, int[] shape) {

  /// The number of elements; the product of the shape, which the reader has checked to be bounded.
  long count() {
    return count(shape);
  }

  private static long count(int[] shape) {
    long count = 1;
    for (int size : shape) {
      count = Math.multiplyExact(count, (long) size);
    }
    return count;
  }

  /// Parses a header whose first byte is byte `offset` of `place`.
  static NpyHeader parse(byte[] text, String place, int offset) {
    return new Parser(text, place, offset).header();
  }

  /// The bytes that numpy.save writes before the data, magic string included.
  static byte[] write(ElementType type, int[] shape) {
    String dictionary =
        "{'descr': '"
            + type.npyDescription()
            + "', 'fortran_order': False, 'shape': "
            + NpyArray.text(shape)
            + ", }";
    // NumPy leaves room to write a first axis of up to 21 digits in place, then pads to 64 bytes.
    int growth = shape.length == 0 ? 0 : 21 - Integer.toString(shape[0]).length();
    int length = dictionary.length() + growth + 1;
    int padding = 64 - (10 + length) % 64;
    int total = length + padding;
    StringBuilder out = new StringBuilder(10 + total);
    out.append("\u0093NUMPY\u0001\u0000")
        .append((char) (total & 0xFF))
        .append((char) (total >>> 8));
    out.append(dictionary).append(" ".repeat(growth + padding)).append('\n');
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static final class Parser {
    private final byte[] text;
    private final String place;
    private final int offset;
    private int at;

    private String descr;
    private Boolean fortran;
    private int[] shape;

    Parser(byte[] text, String place, int offset) {
      this.text = text;
      this.place = place;
      this.offset = offset;
    }

    NpyHeader header() {
      skipBlanks();
      expect('{');
      skipBlanks();
      while (peek() != '}') {
        member();
        skipBlanks();
        if (peek() == ',') {
          at++;
          skipBlanks();
        } else if (peek() != '}') {
          throw unexpected("',' or '}'");
        }
      }
      at++;
      skipBlanks();
      if (peek() == '\n') {
        at++;
      }
      if (at < text.length) {
        throw unexpected("the end of the header");
      }
      if (descr == null || fortran == null || shape == null) {
        throw Fault.at(
            place,
            offset,
            "header without "
                + (descr == null ? "descr" : fortran == null ? "fortran_order" : "shape"),
            "the keys descr, fortran_order and shape");
      }
      return withType();
    }

    private void member() {
      int start = at;
      String key = string("a key");
      skipBlanks();
      expect(':');
      skipBlanks();
      boolean again =
          switch (key) {
            case "descr" -> {
              boolean seen = descr != null;
              descr = description();
              yield seen;
            }
            case "fortran_order" -> {
              boolean seen = fortran != null;
              fortran = truth();
              yield seen;
            }
            case "shape" -> {
              boolean seen = shape != null;
              shape = tuple();
              yield seen;
            }
            default ->
                throw Fault.at(
                    place,
                    offset + start,
                    "key " + Fault.quote(key),
                    "only the keys descr, fortran_order and shape");
          };
      if (again) {
        throw Fault.at(
            place, offset + start, "key " + Fault.quote(key) + " twice", "each key once");
      }
    }

    private String description() {
      if (peek() == '[' || peek() == '(') {
        throw Fault.at(place, offset + at, "a structured type", "one number type such as '<f8'")
            .advise("save each field as an array of its own, for example with numpy.savez");
      }
      return string("a quoted number type such as '<f8'");
    }

    private NpyHeader withType() {
      if (descr.length() == 3 || descr.length() == 4) {
        char order = descr.charAt(0);
        Optional<ElementType> type = Optional.empty();
        if ((order == '<' || order == '>' || order == '|')
            && descr.length() == 3
            && Character.isDigit(descr.charAt(2))) {
          type = ElementType.ofNpy(descr.charAt(1), descr.charAt(2) - '0');
        }
        if (type.isPresent() && (order != '|' || type.get().size() == 1)) {
          ByteOrder bytes = order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
          return new NpyHeader(type.get(), bytes, fortran, shape);
        }
      }
      throw unreadableType();
    }

    private Failure unreadableType() {
      String kind = descr.replaceFirst("^[<>|=]", "");
      Failure failure =
          Fault.data(
              place,
              "type " + Fault.quote(descr),
              "'<f4', '<f8', '>f4', '>f8', f2, integers of 1 to 8 bytes or '|b1'");
      if (kind.startsWith("O")) {
        return failure.advise(
            "an object array is a Python pickle, which can run code when opened, so it is never"
                + " read; save plain numbers: numpy.save(file, numpy.asarray(x, dtype=float))");
      }
      if (kind.startsWith("U") || kind.startsWith("S") || kind.startsWith("a")) {
        return failure.advise("text is not read; save numbers");
      }
      return failure.advise("convert with x.astype('<f8') before saving");
    }

    private boolean truth() {
      if (word("True")) {
        return true;
      }
      if (word("False")) {
        return false;
      }
      throw unexpected("True or False");
    }

    private boolean word(String word) {
      if (at + word.length() > text.length) {
        return false;
      }
      for (int i = 0; i < word.length(); i++) {
        if (text[at + i] != word.charAt(i)) {
          return false;
        }
      }
      at += word.length();
      return true;
    }

    private int[] tuple() {
      int start = at;
      expect('(');
      int[] sizes = new int[NpyArray.MAX_RANK];
      int rank = 0;
      boolean comma = true;
      skipBlanks();
      while (peek() != ')') {
        if (!comma) {
          throw unexpected("',' or ')'");
        }
        if (rank == sizes.length) {
          throw Fault.at(place, offset + start, "more than 64 axes", "at most 64");
        }
        sizes[rank++] = size();
        skipBlanks();
        comma = peek() == ',';
        if (comma) {
          at++;
          skipBlanks();
        }
      }
      if (rank == 1 && !comma) {
        throw unexpected("',': a tuple of one number is written (n,)");
      }
      at++;
      return Arrays.copyOf(sizes, rank);
    }

    private int size() {
      int start = at;
      long value = 0;
      while (peek() >= '0' && peek() <= '9') {
        value = value * 10 + (peek() - '0');
        if (value > Integer.MAX_VALUE) {
          throw Fault.at(
              place, offset + start, "an axis longer than 2147483647", "a size below 2^31");
        }
        at++;
      }
      if (at == start) {
        throw unexpected("a whole number, 0 or more");
      }
      return (int) value;
    }

    private String string(String expected) {
      int quote = peek();
      if (quote != '\'' && quote != '"') {
        throw unexpected(expected);
      }
      int start = ++at;
      while (peek() != quote) {
        if (peek() < ' ' || peek() > 126 || peek() == '\\') {
          throw unexpected("plain text up to the closing quote");
        }
        at++;
      }
      return new String(text, start, at++ - start, StandardCharsets.US_ASCII);
    }

    private void skipBlanks() {
      while (peek() == ' ') {
        at++;
      }
    }

    private void expect(char c) {
      if (peek() != c) {
        throw unexpected("'" + c + "'");
      }
      at++;
    }

    /// The byte at the cursor, or -1 at the end.
    private int peek() {
      return at < text.length ? text[at] & 0xFF : -1;
    }

    private Failure unexpected(String expected) {
      String found =
          peek() < 0 ? "the header ends" : "found " + Fault.quote(String.valueOf((char) peek()));
      return Fault.at(place, offset + at, found, expected);
    }
  }
}
