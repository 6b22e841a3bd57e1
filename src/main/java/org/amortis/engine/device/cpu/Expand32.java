package org.amortis.engine.device.cpu;

import java.util.Arrays;
import org.amortis.engine.plan.Expansion;

/// Copies a range of a repeated or strided operand into contiguous memory.
final class Expand32 {
  private Expand32() {}

  /// Writes elements `[from, to)` of the expanded operand to `y`, the first at `yo`.
  static void into(Expansion e, float[] x, int xo, int from, int to, float[] y, int yo) {
    int[] dims = e.dims();
    int[] strides = e.strides();
    int last = dims.length - 1;
    if (last < 0) {
      Arrays.fill(y, yo, yo + to - from, x[xo]);
      return;
    }
    int inner = dims[last];
    int step = strides[last];
    int done = from;
    while (done < to) {
      int column = done % inner;
      int run = StrictMath.min(inner - column, to - done);
      int source = xo + column * step;
      int rest = done / inner;
      for (int axis = last - 1; axis >= 0; axis--) {
        source += rest % dims[axis] * strides[axis];
        rest /= dims[axis];
      }
      int at = yo + done - from;
      if (step == 0) {
        float value = x[source];
        for (int k = 0; k < run; k++) {
          y[at + k] = value;
        }
      } else if (step == 1 && run > 16) {
        System.arraycopy(x, source, y, at, run);
      } else {
        for (int k = 0; k < run; k++) {
          y[at + k] = x[source + k * step];
        }
      }
      done += run;
    }
  }
}
