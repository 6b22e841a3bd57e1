package org.amortis.engine.device.cuda.emulator;

/// What an instruction does with registers, for all 32 lanes at once; lanes that do not take part
/// are computed, too, and thrown away.
///
/// A register is a row of 32 elements, one a lane, of `r` (32 bits) or of `q` (64 bits); operands
/// are the places where rows begin.
@FunctionalInterface
interface Lanes {
  /// Computes row `d` from rows `a`, `b`, `c` and `e`, as many of them as the instruction has.
  void run(int[] r, long[] q, int d, int a, int b, int c, int e);

  /// A comparison: bit l is set where it holds for lane l.
  @FunctionalInterface
  interface Test {
    /// Compares rows `a` and `b`.
    int run(int[] r, long[] q, int a, int b);
  }
}
