package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.device.cpu.scalar.ScalarGaussianKernels64;
import org.amortis.engine.device.cpu.vector.VectorGaussianKernels64;
import org.amortis.engine.op.GramStructure;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("op")
class GaussianKernelsTest {
  private static final GaussianKernels64 VECTOR = new VectorGaussianKernels64();
  private static final GaussianKernels64 SCALAR = new ScalarGaussianKernels64();

  static List<GaussianKernels64> kernels() {
    return List.of(VECTOR, SCALAR);
  }

  /// A structure of n sites on a line with n lags, and one of n sites without any repetition.
  private static List<GramStructure> lines(int n) {
    int[] lag = new int[n * (n + 1) / 2];
    int[] own = new int[lag.length];
    for (int i = 0, k = 0; i < n; i++) {
      for (int j = 0; j <= i; j++, k++) {
        lag[k] = i - j;
        own[k] = k;
      }
    }
    return List.of(GramStructure.dense(n, lag), GramStructure.dense(n, own));
  }

  /// A positive definite table for such a structure: `exp(-|i - j| / 3)`, each entry a little
  /// different where it may be.
  private static double[] table(GramStructure structure) {
    int n = structure.order();
    double[] c = new double[structure.lags()];
    for (int i = 0, k = 0; i < n; i++) {
      for (int j = 0; j <= i; j++, k++) {
        int lag = structure.blocks().getFirst().entries().index()[k];
        c[lag] = StrictMath.exp((j - i) / 3.0) + (i == j ? 0.1 : 1e-4 * (lag % 7));
      }
    }
    return c;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void agreesWithNumpyAndScipy(GaussianKernels64 kernels) throws IOException {
    double[] z = GaussianGoldens.fields();
    double[] golden = GaussianGoldens.logLikelihoods();
    double[] c = GaussianGoldens.covariances(GaussianGoldens.SIDE, GaussianGoldens.THETA);
    for (GramStructure structure :
        List.of(
            GramStructure.denseLattice(GaussianGoldens.SIDE),
            GramStructure.squareLattice(GaussianGoldens.SIDE))) {
      GaussianDensity64 density = kernels.prepare(structure);
      double[] projected = structure.project(z);
      double[] out = new double[golden.length];
      density.logDensityTable(
          c,
          projected,
          GaussianGoldens.FIELDS,
          out,
          0,
          GaussianGoldens.THETA.length,
          0,
          200,
          density.scratch());
      for (int i = 0; i < golden.length; i++) {
        assertThat(out[i]).isCloseTo(golden[i], within(1e-8 + 1e-11 * Math.abs(golden[i])));
      }
      double[] one = Arrays.copyOf(projected, 256);
      double[] own = GaussianGoldens.logDensity(density, c, one);
      for (int b = 0; b < own.length; b++) {
        assertThat(own[b]).isCloseTo(golden[b * 200], within(1e-8));
      }
    }
  }

  @Test
  void latticeAgreesWithDense() {
    double[] theta = new double[60];
    Arrays.setAll(theta, i -> 0.005 + i * (0.595 / 59));
    double[] c = GaussianGoldens.covariances(16, theta);
    double[] z = Arrays.copyOf(GaussianGoldens.fields(), 60 * 256);
    GramStructure lattice = GramStructure.squareLattice(16);
    double[] fast = GaussianGoldens.logDensity(VECTOR.prepare(lattice), c, lattice.project(z));
    GramStructure dense = GramStructure.denseLattice(16);
    double[] slow = GaussianGoldens.logDensity(VECTOR.prepare(dense), c, z);
    for (int b = 0; b < theta.length; b++) {
      assertThat(fast[b]).isCloseTo(slow[b], within(1e-8));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 8, 9, 12, 13})
  void latticesOfAnySideAgreeWithDense(int side) {
    int n = side * side;
    double[] c = GaussianGoldens.covariances(side, 0.05, 0.1, 0.15, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6);
    double[] z = GaussianGoldens.values(3 * n);
    for (GaussianKernels64 kernels : kernels()) {
      GramStructure lattice = GramStructure.squareLattice(side);
      double[] fast = GaussianGoldens.logDensity(kernels.prepare(lattice), c, lattice.project(z));
      GramStructure dense = GramStructure.denseLattice(side);
      double[] slow = GaussianGoldens.logDensity(kernels.prepare(dense), c, z);
      assertThat(fast).containsExactly(slow, within(1e-9 * n));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 36, 207})
  void vectorEqualsScalarBitForBit(int n) {
    for (GramStructure structure : lines(n)) {
      double[] c = table(structure);
      double[] z = GaussianGoldens.values(5 * n);
      GaussianDensity64 vector = VECTOR.prepare(structure);
      GaussianDensity64 scalar = SCALAR.prepare(structure);
      assertThat(GaussianGoldens.logDensity(vector, c, Arrays.copyOf(z, n)))
          .isEqualTo(GaussianGoldens.logDensity(scalar, c, Arrays.copyOf(z, n)));
      double[] a = new double[5];
      double[] b = new double[5];
      vector.logDensityTable(c, z, 5, a, 0, 1, 0, 5, vector.scratch());
      scalar.logDensityTable(c, z, 5, b, 0, 1, 0, 5, scalar.scratch());
      assertThat(a).isEqualTo(b);
      double[] x = new double[n];
      double[] y = new double[n];
      vector.multiplyByFactor(c, z, x, 0, 1, vector.scratch());
      scalar.multiplyByFactor(c, z, y, 0, 1, scalar.scratch());
      assertThat(x).isEqualTo(y);
      double[] g = new double[c.length];
      double[] h = new double[c.length];
      vector.gradient(c, z, 1, new double[] {1}, g, 0, 1, vector.scratch());
      scalar.gradient(c, z, 1, new double[] {1}, h, 0, 1, scalar.scratch());
      double scale = Arrays.stream(h).map(Math::abs).max().orElseThrow();
      assertThat(g).containsExactly(h, within(1e-11 * scale));
    }
  }

  @Test
  void anySplitOfABatchGivesTheSameBytes() {
    GramStructure lattice = GramStructure.squareLattice(16);
    double[] theta = new double[21];
    Arrays.setAll(theta, i -> 0.02 + 0.025 * i);
    double[] c = GaussianGoldens.covariances(16, theta);
    double[] z = lattice.project(Arrays.copyOf(GaussianGoldens.fields(), 21 * 256));
    for (GaussianKernels64 kernels : kernels()) {
      GaussianDensity64 density = kernels.prepare(lattice);
      double[] whole = GaussianGoldens.logDensity(density, c, z);
      double[] parts = new double[21];
      GaussianDensity64.Scratch scratch = density.scratch();
      density.logDensity(c, z, 1, parts, 0, 1, scratch);
      density.logDensity(c, z, 1, parts, 12, 21, scratch);
      density.logDensity(c, z, 1, parts, 1, 12, scratch);
      assertThat(parts).isEqualTo(whole);
      assertThat(whole).isEqualTo(GaussianGoldens.logDensity(SCALAR.prepare(lattice), c, z));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void gradientAgreesWithDifferences(GaussianKernels64 kernels) {
    for (GramStructure structure :
        List.of(
            GramStructure.squareLattice(5),
            GramStructure.denseLattice(5),
            GramStructure.squareLattice(8))) {
      int side = structure.order() == 25 ? 5 : 8;
      double[] c = GaussianGoldens.covariances(side, 0.1, 0.25);
      int m = structure.lags();
      double[] projected = structure.project(GaussianGoldens.values(2 * structure.order()));
      double[] upstream = {1.5, -0.5};
      GaussianDensity64 density = kernels.prepare(structure);
      double[] gradient = new double[2 * m];
      density.gradient(c, projected, 1, upstream, gradient, 0, 2, density.scratch());
      for (int b = 0; b < 2; b++) {
        for (int k = 0; k < m; k++) {
          double step = 1e-6;
          double[] up = c.clone();
          double[] down = c.clone();
          up[b * m + k] += step;
          down[b * m + k] -= step;
          double difference =
              GaussianGoldens.logDensity(density, up, projected)[b]
                  - GaussianGoldens.logDensity(density, down, projected)[b];
          assertThat(gradient[b * m + k])
              .isCloseTo(
                  upstream[b] * difference / (2 * step),
                  within(1e-5 * (1 + Math.abs(gradient[b * m + k]))));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void gradientOfTheLatticeEqualsThatOfTheDenseMatrix(GaussianKernels64 kernels) {
    double[] c = GaussianGoldens.covariances(16, 0.2);
    double[] z = Arrays.copyOf(GaussianGoldens.fields(), 256);
    GramStructure lattice = GramStructure.squareLattice(16);
    GramStructure dense = GramStructure.denseLattice(16);
    double[] fast = new double[136];
    double[] slow = new double[136];
    GaussianDensity64 a = kernels.prepare(lattice);
    a.gradient(c, lattice.project(z), 1, new double[] {1}, fast, 0, 1, a.scratch());
    GaussianDensity64 b = kernels.prepare(dense);
    b.gradient(c, z, 1, new double[] {1}, slow, 0, 1, b.scratch());
    double scale = Arrays.stream(slow).map(Math::abs).max().orElseThrow();
    assertThat(fast).containsExactly(slow, within(1e-10 * scale));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void drawsAreTheFactorTimesEta(GaussianKernels64 kernels) throws IOException {
    GaussianDensity64 density = kernels.prepare(GramStructure.denseLattice(16));
    double[] c = GaussianGoldens.covariances(16, GaussianGoldens.THETA);
    double[] eta = new double[7 * 256];
    Arrays.setAll(eta, i -> StrictMath.sin(1.0 + i % 256));
    double[] out = new double[7 * 256];
    density.multiplyByFactor(c, eta, out, 0, 7, density.scratch());
    assertThat(out).containsExactly(GaussianGoldens.draws(), within(1e-12));
    GaussianDensity64 lattice = kernels.prepare(GramStructure.squareLattice(4));
    assertThatThrownBy(
            () -> lattice.multiplyByFactor(new double[10], eta, out, 0, 1, lattice.scratch()))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void indefiniteCovariancesHaveNoDensity(GaussianKernels64 kernels) {
    for (GramStructure structure :
        List.of(GramStructure.denseLattice(6), GramStructure.squareLattice(6))) {
      int m = structure.lags();
      double[] c = GaussianGoldens.covariances(6, 0.1, 0.1, 0.1, 0.1);
      c[0] = 0.1;
      c[m] = Double.NaN;
      c[2 * m + 5] = 2;
      double[] z = structure.project(GaussianGoldens.values(36));
      GaussianDensity64 density = kernels.prepare(structure);
      double[] out = GaussianGoldens.logDensity(density, c, z);
      assertThat(Arrays.copyOf(out, 3)).containsOnly(Double.NEGATIVE_INFINITY);
      assertThat(out[3]).isFinite();
      double[] gradient = new double[4 * m];
      density.gradient(c, z, 4, new double[] {1, 1, 1, 1}, gradient, 0, 4, density.scratch());
      assertThat(Arrays.copyOf(gradient, 3 * m)).containsOnly(Double.NaN);
      assertThat(Arrays.stream(gradient, 3 * m, 4 * m).allMatch(Double::isFinite)).isTrue();
    }
  }
}
