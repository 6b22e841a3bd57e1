package org.amortis.io;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.amortis.engine.Failure;

/// A JSON value (RFC 8259), immutable; numbers are 64-bit integers or finite doubles.
///
/// Equal values are written as equal bytes: doubles by the fewest digits that give them back, no
/// locale, members in their given order (or sorted, see [#canonical]).
public sealed interface Json {

  /// An object; keeps the order of its members.
  record Obj(Map<String, Json> members) implements Json {
    /// Copies the members.
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /// An object without members.
    public static Obj empty() {
      return new Obj(Map.of());
    }

    /// This object with one more member, or with another value for one it has.
    public Obj with(String key, Json value) {
      Map<String, Json> more = new LinkedHashMap<>(members);
      more.put(key, value);
      return new Obj(more);
    }

    /// This object with a text member.
    public Obj with(String key, String value) {
      return with(key, Json.of(value));
    }

    /// This object with an integer member.
    public Obj with(String key, long value) {
      return with(key, Json.of(value));
    }

    /// This object with a number member; null where the number is not finite.
    public Obj with(String key, double value) {
      return with(key, Json.of(value));
    }

    /// This object with a truth value as member.
    public Obj with(String key, boolean value) {
      return with(key, Json.of(value));
    }

    /// The member of that name, if there is one.
    public Optional<Json> get(String key) {
      return Optional.ofNullable(members.get(key));
    }

    /// The member of that name.
    ///
    /// @throws Failure DATA if there is none
    public Json require(String key) {
      return get(key)
          .orElseThrow(
              () -> Failure.data("no member " + Fault.quote(key) + " among " + members.keySet()));
    }
  }

  /// An array.
  record Arr(List<Json> items) implements Json {
    /// Copies the items.
    public Arr {
      items = List.copyOf(items);
    }
  }

  /// A text.
  record Str(String value) implements Json {}

  /// A number, held as the text it is written by; made by [Json#of(long)] and [Json#of(double)].
  final class Num implements Json {
    private final String text;

    private Num(String text) {
      this.text = text;
    }

    /// The nearest double.
    public double asDouble() {
      return Double.parseDouble(text);
    }

    /// The exact integer.
    ///
    /// @throws Failure DATA if the number is none
    public long asLong() {
      try {
        return new BigDecimal(text).longValueExact();
      } catch (ArithmeticException e) {
        throw Failure.data("number " + text + ", expected a whole number of 64 bits").causedBy(e);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Num that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }

    /// The number as it is written.
    @Override
    public String toString() {
      return text;
    }
  }

  /// A truth value.
  record Bool(boolean value) implements Json {}

  /// The value null.
  enum Null implements Json {
    NULL
  }

  /// A text.
  static Json of(String value) {
    return new Str(value);
  }

  /// An integer.
  static Json of(long value) {
    return new Num(Long.toString(value));
  }

  /// A number; null where it is NaN or infinite, which JSON cannot say.
  static Json of(double value) {
    return Double.isFinite(value) ? new Num(Decimal.text(value)) : Null.NULL;
  }

  /// A truth value.
  static Json of(boolean value) {
    return new Bool(value);
  }

  /// An array of numbers; null for those that are not finite.
  static Arr of(double[] values) {
    return new Arr(Arrays.stream(values).mapToObj(Json::of).toList());
  }

  /// An array of texts.
  static Arr of(List<String> values) {
    return new Arr(values.stream().map(Json::of).toList());
  }

  /// Parses strictly: one value and nothing else, no duplicate keys, no NaN, no comments, at most
  /// 64 levels, numbers within 64-bit integers and finite doubles; `place` names the text in
  /// errors.
  ///
  /// @throws Failure DATA with line and column
  static Json parse(String text, String place) {
    return parse(text.getBytes(StandardCharsets.UTF_8), place);
  }

  /// Parses strict UTF-8; see [#parse(String, String)].
  ///
  /// @throws Failure DATA with line and column, or the byte that is not UTF-8
  static Json parse(byte[] utf8, String place) {
    return new JsonReader(place).read(utf8);
  }

  /// Two-space indentation, members in their order, a final line end: for people.
  default String pretty() {
    return JsonWriter.pretty(this);
  }

  /// One line without blanks, members in their order.
  default String compact() {
    return JsonWriter.compact(this);
  }

  /// One line without blanks, members sorted by UTF-16 code units: for fingerprints.
  default String canonical() {
    return JsonWriter.canonical(this);
  }

  /// This value as an object.
  ///
  /// @throws Failure DATA if it is something else
  default Obj asObject() {
    return expect(Obj.class, "an object");
  }

  /// The items of this array.
  ///
  /// @throws Failure DATA if it is something else
  default List<Json> asItems() {
    return expect(Arr.class, "an array").items();
  }

  /// This text.
  ///
  /// @throws Failure DATA if it is something else
  default String asText() {
    return expect(Str.class, "a text").value();
  }

  /// This number.
  ///
  /// @throws Failure DATA if it is something else
  default double asNumber() {
    return expect(Num.class, "a number").asDouble();
  }

  /// This whole number.
  ///
  /// @throws Failure DATA if it is something else
  default long asInteger() {
    return expect(Num.class, "a whole number").asLong();
  }

  /// This truth value.
  ///
  /// @throws Failure DATA if it is something else
  default boolean asTruth() {
    return expect(Bool.class, "true or false").value();
  }

  private <T extends Json> T expect(Class<T> kind, String expected) {
    if (kind.isInstance(this)) {
      return kind.cast(this);
    }
    String found = compact();
    throw Failure.data("found " + Fault.quote(found) + ", expected " + expected);
  }
}
