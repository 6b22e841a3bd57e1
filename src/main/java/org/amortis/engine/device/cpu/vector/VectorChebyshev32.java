package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.ChebyshevKernels32;
import org.amortis.engine.device.cpu.scalar.ScalarChebyshev32;
import org.amortis.engine.math.Chebyshev;

/// Clenshaw's recurrence with one function a lane, four vectors at a time to hide the latency of
/// the recurrence.
public final class VectorChebyshev32 implements ChebyshevKernels32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private final ChebyshevKernels32 rest = new ScalarChebyshev32();

  @Override
  public void evaluate(
      Chebyshev chebyshev,
      int functions,
      float[] coefficients,
      float[] x,
      float[] out,
      int from,
      int to) {
    int i = from;
    for (; i + 4 * L <= to; i += 4 * L) {
      four(chebyshev, functions, coefficients, x, out, i);
    }
    for (; i + L <= to; i += L) {
      one(chebyshev, functions, coefficients, x, out, i);
    }
    rest.evaluate(chebyshev, functions, coefficients, x, out, i, to);
  }

  private static float slope(Chebyshev chebyshev) {
    double slope = 2 / (chebyshev.high() - chebyshev.low());
    return round(slope);
  }

  private static float shift(Chebyshev chebyshev) {
    double shift = -(chebyshev.low() + chebyshev.high()) / (chebyshev.high() - chebyshev.low());
    return round(shift);
  }

  @SuppressWarnings("cast")
  private static float round(double x) {
    return (float) x;
  }

  private static void one(
      Chebyshev chebyshev, int functions, float[] c, float[] x, float[] out, int i) {
    FloatVector x0 = FloatVector.fromArray(S, x, i);
    FloatVector shift = FloatVector.broadcast(S, shift(chebyshev));
    FloatVector u0 = x0.fma(FloatVector.broadcast(S, slope(chebyshev)), shift);
    FloatVector t0 = u0.add(u0);
    FloatVector a0 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    for (int j = (chebyshev.terms() - 1) * functions + i; j > i; j -= functions) {
      FloatVector n0 = t0.fma(a0, FloatVector.fromArray(S, c, j).sub(b0));
      b0 = a0;
      a0 = n0;
    }
    finish(chebyshev, x0, u0.fma(a0, FloatVector.fromArray(S, c, i).sub(b0)), out, i);
  }

  private static void four(
      Chebyshev chebyshev, int functions, float[] c, float[] x, float[] out, int i) {
    FloatVector slope = FloatVector.broadcast(S, slope(chebyshev));
    FloatVector shift = FloatVector.broadcast(S, shift(chebyshev));
    FloatVector x0 = FloatVector.fromArray(S, x, i);
    FloatVector x1 = FloatVector.fromArray(S, x, i + L);
    FloatVector x2 = FloatVector.fromArray(S, x, i + 2 * L);
    FloatVector x3 = FloatVector.fromArray(S, x, i + 3 * L);
    FloatVector u0 = x0.fma(slope, shift);
    FloatVector u1 = x1.fma(slope, shift);
    FloatVector u2 = x2.fma(slope, shift);
    FloatVector u3 = x3.fma(slope, shift);
    FloatVector t0 = u0.add(u0);
    FloatVector t1 = u1.add(u1);
    FloatVector t2 = u2.add(u2);
    FloatVector t3 = u3.add(u3);
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = FloatVector.zero(S);
    FloatVector a2 = FloatVector.zero(S);
    FloatVector a3 = FloatVector.zero(S);
    FloatVector b0 = FloatVector.zero(S);
    FloatVector b1 = FloatVector.zero(S);
    FloatVector b2 = FloatVector.zero(S);
    FloatVector b3 = FloatVector.zero(S);
    for (int j = (chebyshev.terms() - 1) * functions + i; j > i; j -= functions) {
      FloatVector n0 = t0.fma(a0, FloatVector.fromArray(S, c, j).sub(b0));
      FloatVector n1 = t1.fma(a1, FloatVector.fromArray(S, c, j + L).sub(b1));
      FloatVector n2 = t2.fma(a2, FloatVector.fromArray(S, c, j + 2 * L).sub(b2));
      FloatVector n3 = t3.fma(a3, FloatVector.fromArray(S, c, j + 3 * L).sub(b3));
      b0 = a0;
      b1 = a1;
      b2 = a2;
      b3 = a3;
      a0 = n0;
      a1 = n1;
      a2 = n2;
      a3 = n3;
    }
    FloatVector r0 = u0.fma(a0, FloatVector.fromArray(S, c, i).sub(b0));
    FloatVector r1 = u1.fma(a1, FloatVector.fromArray(S, c, i + L).sub(b1));
    FloatVector r2 = u2.fma(a2, FloatVector.fromArray(S, c, i + 2 * L).sub(b2));
    FloatVector r3 = u3.fma(a3, FloatVector.fromArray(S, c, i + 3 * L).sub(b3));
    finish(chebyshev, x0, r0, out, i);
    finish(chebyshev, x1, r1, out, i + L);
    finish(chebyshev, x2, r2, out, i + 2 * L);
    finish(chebyshev, x3, r3, out, i + 3 * L);
  }

  private static void finish(
      Chebyshev chebyshev, FloatVector x, FloatVector value, float[] out, int i) {
    FloatVector.broadcast(S, Float.NaN)
        .blend(
            value,
            x.compare(VectorOperators.GE, round(chebyshev.low()))
                .and(x.compare(VectorOperators.LE, round(chebyshev.high()))))
        .intoArray(out, i);
  }
}
