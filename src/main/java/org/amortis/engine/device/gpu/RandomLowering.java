package org.amortis.engine.device.gpu;

import org.amortis.engine.op.Draw;
import org.amortis.engine.shape.DType;

/// Launches of draws: one item an element, whatever the shape.
final class RandomLowering {
  private RandomLowering() {}

  static void lower(Emit e, Draw op) {
    switch (op) {
      case Draw.Uniform u -> draw(e, "random_uniform", u.stream());
      case Draw.Normal v -> draw(e, "random_normal", v.stream());
      case Draw.Dropout d -> dropout(e, d);
    }
  }

  private static void draw(Emit e, String entry, int stream) {
    DType real = e.out(0).dtype();
    int n = e.out(0).size();
    e.launch(Kernel.of(entry, real), Grid.items(n), e.operand(0), e.result(0), stream, n);
  }

  private static void dropout(Emit e, Draw.Dropout op) {
    int n = e.out(0).size();
    e.launch(
        Kernel.of("random_dropout", e.out(0).dtype()),
        Grid.items(n),
        e.operand(0),
        e.operand(1),
        e.result(0),
        op.stream(),
        (double) (float) op.rate(),
        1 - op.rate(),
        n);
  }
}
