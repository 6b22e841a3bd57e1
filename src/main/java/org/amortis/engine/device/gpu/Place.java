package org.amortis.engine.device.gpu;

import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// Where a kernel's operand will lie: part of a value, of a table, or of memory that one node needs
/// for itself. The executable knows the address once everything is planned.
///
/// @param value root of the value; `null` for scratch and tables
/// @param number of the scratch or table; -1 for values
/// @param table whether it is a table
/// @param at elements after the start
public record Place(DType dtype, Program.Value value, int number, boolean table, int at) {
  static Place of(DType dtype, Program.Value root, int at) {
    return new Place(dtype, root, -1, false, at);
  }

  static Place scratch(DType dtype, int number) {
    return new Place(dtype, null, number, false, 0);
  }

  static Place table(DType dtype, int number) {
    return new Place(dtype, null, number, true, 0);
  }

  /// The same memory from `elements` further on.
  public Place plus(int elements) {
    return new Place(dtype, value, number, table, at + elements);
  }

  /// Whether it is memory of one node only.
  boolean isScratch() {
    return value == null && !table;
  }

  /// The same memory without the offset: what is planned.
  Place base() {
    return at == 0 ? this : new Place(dtype, value, number, table, 0);
  }
}
