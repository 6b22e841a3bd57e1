package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.amortis.engine.device.cpu.scalar.ScalarChebyshev32;
import org.amortis.engine.device.cpu.scalar.ScalarChebyshev64;
import org.amortis.engine.device.cpu.vector.VectorChebyshev32;
import org.amortis.engine.device.cpu.vector.VectorChebyshev64;
import org.amortis.engine.device.cpu.vector.VectorGaussianKernels64;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.op.GramStructure;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("op")
class ChebyshevKernelsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 13, 64, 207})
  void vectorEqualsScalarBitForBit(int functions) {
    Chebyshev chebyshev = new Chebyshev(7, -1.5, 2);
    double[] c = GaussianGoldens.values(7 * functions);
    double[] x = GaussianGoldens.values(functions);
    float[] cf = new float[c.length];
    float[] xf = new float[functions];
    for (int i = 0; i < c.length; i++) {
      cf[i] = (float) c[i];
    }
    for (int i = 0; i < functions; i++) {
      x[i] *= 5;
      xf[i] = (float) x[i];
    }
    double[] a = new double[functions];
    double[] b = new double[functions];
    new VectorChebyshev64().evaluate(chebyshev, functions, c, x, a, 0, functions / 3);
    new VectorChebyshev64().evaluate(chebyshev, functions, c, x, a, functions / 3, functions);
    new ScalarChebyshev64().evaluate(chebyshev, functions, c, x, b, 0, functions);
    assertThat(a).isEqualTo(b);
    for (int i = 0; i < functions; i++) {
      b[i] = chebyshev.evaluate(c, i, functions, x[i]);
      assertThat(Double.isNaN(a[i])).isEqualTo(x[i] < -1.5 || x[i] > 2);
    }
    assertThat(a).isEqualTo(b);
    float[] d = new float[functions];
    float[] e = new float[functions];
    new VectorChebyshev32().evaluate(chebyshev, functions, cf, xf, d, 0, functions);
    new ScalarChebyshev32().evaluate(chebyshev, functions, cf, xf, e, 0, functions);
    assertThat(d).isEqualTo(e);
  }

  /// Sixty-four nodes in log theta, fitted on the lattice's blocks, against the dense matrix.
  @Test
  void logLikelihoodOfTheStudyIsInterpolated() {
    int fields = 40;
    double[] z = Arrays.copyOf(GaussianGoldens.fields(), fields * 256);
    Chebyshev chebyshev = new Chebyshev(64, StrictMath.log(0.005), StrictMath.log(0.6));
    double[] nodes = Arrays.stream(chebyshev.nodes()).map(StrictMath::exp).toArray();
    GramStructure lattice = GramStructure.squareLattice(16);
    GaussianDensity64 fast = new VectorGaussianKernels64().prepare(lattice);
    double[] values = new double[64 * fields];
    double[] c = GaussianGoldens.covariances(16, nodes);
    fast.logDensityTable(c, lattice.project(z), fields, values, 0, 64, 0, fields, fast.scratch());
    double[] coefficients = chebyshev.coefficients(values, fields);

    double[] theta = new double[60];
    Arrays.setAll(theta, i -> 0.005 * StrictMath.pow(120, (i + 0.5) / 60));
    GaussianDensity64 dense = new VectorGaussianKernels64().prepare(GramStructure.denseLattice(16));
    double[] exact = new double[60 * fields];
    dense.logDensityTable(
        GaussianGoldens.covariances(16, theta),
        z,
        fields,
        exact,
        0,
        60,
        0,
        fields,
        dense.scratch());
    double[] x = new double[fields];
    double[] out = new double[fields];
    for (int t = 0; t < 60; t++) {
      Arrays.fill(x, StrictMath.log(theta[t]));
      new VectorChebyshev64().evaluate(chebyshev, fields, coefficients, x, out, 0, fields);
      assertThat(out)
          .containsExactly(Arrays.copyOfRange(exact, t * fields, (t + 1) * fields), within(1e-8));
    }
  }
}
