package org.amortis.engine.device.gpu;

import org.amortis.engine.op.Binary;
import org.amortis.engine.op.Unary;

/// Numbers of the instructions that `pointwise.c` interprets; the kernels see them as `OP_EXP`,
/// ....
///
/// The numbers of functions follow from the order of the ops' enums, so that a new one brings its
/// own.
final class PointwiseCode {
  static final int LOAD = 0;
  static final int LOAD_REPEATED = 1;
  static final int CONSTANT = 2;
  static final int STORE = 3;
  static final int COPY = 4;
  static final int SELECT = 5;
  static final int LEAKY_RELU = 6;
  private static final int BINARY = 16;
  private static final int UNARY = 64;

  /// Ints of one instruction: what, result, and three operands.
  static final int LENGTH = 5;

  private PointwiseCode() {}

  static int of(Unary u) {
    return UNARY + u.ordinal();
  }

  static int of(Binary b) {
    return BINARY + b.ordinal();
  }

  /// The numbers as the kernels see them.
  static String header() {
    StringBuilder s = new StringBuilder();
    word(s, "LOAD", LOAD);
    word(s, "LOAD_REPEATED", LOAD_REPEATED);
    word(s, "CONSTANT", CONSTANT);
    word(s, "STORE", STORE);
    word(s, "COPY", COPY);
    word(s, "SELECT", SELECT);
    word(s, "LEAKY_RELU", LEAKY_RELU);
    for (Binary b : Binary.values()) {
      word(s, b.name(), of(b));
    }
    for (Unary u : Unary.values()) {
      word(s, u.name(), of(u));
    }
    return s.toString();
  }

  private static void word(StringBuilder s, String name, int number) {
    s.append("#define OP_").append(name).append(' ').append(number).append('\n');
  }
}
