package org.amortis.engine.device.gpu;

import java.util.Objects;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// Where a kernel's operand will lie: part of a value, of a table, or of memory that one node needs
/// for itself. The executable knows the address once everything is planned.
///
/// Places are equal when they begin at the same element.
///
/// @param value root of the value; `null` for scratch and tables
/// @param number of the scratch or table; -1 for values
/// @param table whether it is a table
/// @param at elements after the start
/// @param extent elements from there on that a launch may touch; -1 for all that there are
/// @param read whether a launch only reads it although its kernel might write it
public record Place(
    DType dtype, Program.Value value, int number, boolean table, int at, int extent, boolean read) {
  static Place of(DType dtype, Program.Value root, int at, int extent) {
    return new Place(dtype, root, -1, false, at, extent, false);
  }

  static Place scratch(DType dtype, int number, int extent) {
    return new Place(dtype, null, number, false, 0, extent, false);
  }

  static Place table(DType dtype, int number, int extent) {
    return new Place(dtype, null, number, true, 0, extent, false);
  }

  /// The same memory from `elements` further on.
  public Place plus(int elements) {
    int left = extent < 0 ? extent : StrictMath.max(0, extent - elements);
    return new Place(dtype, value, number, table, at + elements, left, read);
  }

  /// The first elements of it.
  Place first(int elements) {
    return new Place(dtype, value, number, table, at, elements, read);
  }

  /// The same for a launch that does not write it.
  Place readOnly() {
    return new Place(dtype, value, number, table, at, extent, true);
  }

  /// The longer of two parts that begin at the same element.
  Place or(Place other) {
    return extent < 0 || other.extent >= 0 && other.extent <= extent ? this : other;
  }

  /// Whether it is memory of one node only.
  boolean isScratch() {
    return value == null && !table;
  }

  /// The same memory without the offset: what is planned.
  Place base() {
    return new Place(dtype, value, number, table, 0, -1, false);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Place p
        && dtype == p.dtype
        && number == p.number
        && table == p.table
        && at == p.at
        && Objects.equals(value, p.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(dtype, value, number, table, at);
  }
}
