package org.amortis.engine.device.cuda.emulator;

/// Instructions on predicates.
final class Predicates extends Step {
  /// How two predicates become one; all lanes at once.
  @FunctionalInterface
  interface Join {
    /// A bit a lane.
    int of(int a, int b);
  }

  private final Join join;
  private final int d;
  private final int a;
  private final int b;

  Predicates(Join join, int d, int a, int b) {
    this.join = join;
    this.d = d;
    this.a = a;
    this.b = b;
  }

  /// The joining word of an instruction, or `null`.
  static Join of(String name) {
    return switch (name) {
      case "and" -> (a, b) -> a & b;
      case "or" -> (a, b) -> a | b;
      case "xor" -> (a, b) -> a ^ b;
      case "not" -> (a, b) -> ~a;
      case "mov" -> (a, b) -> a;
      default -> null;
    };
  }

  @Override
  void run(Warp w) {
    w.p[d] = w.p[d] & ~w.mask | join.of(w.p[a], w.p[b]) & w.mask;
  }
}
