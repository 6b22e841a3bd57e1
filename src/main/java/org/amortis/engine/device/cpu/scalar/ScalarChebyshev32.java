package org.amortis.engine.device.cpu.scalar;

import org.amortis.engine.device.cpu.ChebyshevKernels32;
import org.amortis.engine.math.Chebyshev;

/// Clenshaw's recurrence in plain Java.
public final class ScalarChebyshev32 implements ChebyshevKernels32 {
  @Override
  @SuppressWarnings("cast")
  public void evaluate(
      Chebyshev chebyshev,
      int functions,
      float[] coefficients,
      float[] x,
      float[] out,
      int from,
      int to) {
    float low = (float) chebyshev.low();
    float high = (float) chebyshev.high();
    float slope = (float) (2 / (chebyshev.high() - chebyshev.low()));
    float shift =
        (float) (-(chebyshev.low() + chebyshev.high()) / (chebyshev.high() - chebyshev.low()));
    for (int i = from; i < to; i++) {
      float u = Math.fma(x[i], slope, shift);
      float twice = u + u;
      float a = 0;
      float b = 0;
      for (int j = (chebyshev.terms() - 1) * functions + i; j > i; j -= functions) {
        float next = Math.fma(twice, a, coefficients[j] - b);
        b = a;
        a = next;
      }
      float value = Math.fma(u, a, coefficients[i] - b);
      out[i] = x[i] >= low && x[i] <= high ? value : Float.NaN;
    }
  }
}
