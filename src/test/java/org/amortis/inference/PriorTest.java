package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Special;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("inference")
class PriorTest {
  private static final Prior PRIOR =
      Prior.of(
          new Marginal.Uniform("length", 0, 0.6),
          new Marginal.Uniform("shape", 0.5, 3),
          new Marginal.Normal("level", -2, 3),
          new Marginal.LogNormal("scale", 0.3, 0.8));

  @Test
  void bijectionsInvert() {
    for (double u = -5; u <= 5; u += 0.01) {
      for (Marginal m : PRIOR.marginals()) {
        assertThat(m.toUnconstrained(m.fromUnconstrained(u))).isCloseTo(u, within(1e-9));
      }
    }
  }

  @Test
  void resultsLieStrictlyInside() {
    double[] extremes = {-1e300, -1e10, -40, -9, 9, 40, 1e10, 1e300};
    for (double u : extremes) {
      for (Marginal m : PRIOR.marginals()) {
        double theta = m.fromUnconstrained(u);
        assertThat(theta).isFinite();
        if (!(m instanceof Marginal.Normal)) {
          assertThat(m.contains(theta)).as("%s at %s", m, u).isTrue();
        }
      }
    }
    assertThat(PRIOR.marginals().getFirst().contains(0)).isFalse();
    assertThat(PRIOR.marginals().getFirst().contains(0.6)).isFalse();
    assertThat(PRIOR.marginals().getLast().contains(0)).isFalse();
    assertThat(PRIOR.firstOutside(new double[] {0.1, 1, 0, 1, 0.1, 3, 0, 1})).isEqualTo(1);
  }

  @Test
  void tracedBijectionAgreesAndStaysInside() {
    int n = 201;
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      double[] u = new double[4 * n];
      for (int i = 0; i < u.length; i++) {
        double x = (i / 4 - 100) / 10.0;
        u[i] = StrictMath.abs(x) > 6 ? 100 * x : x;
      }
      Trace t = new Trace("prior");
      Var x = t.data("u", new Type(dtype, Shape.of(n, 4)));
      t.output("theta", PRIOR.fromUnconstrained(x));
      double[] theta;
      try (CpuDevice device = new CpuDevice(1);
          Executable e = device.bind(t.program())) {
        e.input("u").write(u);
        e.run();
        theta = e.output("theta").doubles();
      }
      double[] exact = PRIOR.fromUnconstrained(u);
      double tolerance = dtype == DType.FLOAT32 ? 1e-5 : 1e-12;
      for (int i = 0; i < u.length; i++) {
        Marginal m = PRIOR.marginals().get(i % 4);
        assertThat(theta[i]).isFinite();
        assertThat(m.contains(theta[i])).as("%s at %s gives %s", m, u[i], theta[i]).isTrue();
        if (StrictMath.abs(u[i]) <= 6) {
          double scale = StrictMath.max(1, StrictMath.abs(exact[i]));
          assertThat(theta[i]).isCloseTo(exact[i], within(tolerance * scale));
        }
      }
    }
  }

  @Test
  void tracedInverseAgreesAndStaysFinite() {
    int n = 121;
    double[] u = new double[4 * n];
    for (int i = 0; i < u.length; i++) {
      u[i] = (i / 4 - 60) / 12.0;
    }
    double[] theta = PRIOR.fromUnconstrained(u);
    double[] ends = {0, 0.5, -1e6, 0, 0.6, 3, 1e6, 1e300};
    double[] all = Arrays.copyOf(theta, theta.length + ends.length);
    System.arraycopy(ends, 0, all, theta.length, ends.length);
    Trace t = new Trace("inverse");
    t.output("u", PRIOR.toUnconstrained(t.data("theta", Type.f64(n + 2, 4))));
    try (CpuDevice device = new CpuDevice(1);
        Executable e = device.bind(t.program())) {
      e.input("theta").write(all);
      e.run();
      double[] found = e.output("u").doubles();
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isFinite();
        if (i < u.length) {
          assertThat(found[i]).isCloseTo(u[i], within(1e-9));
        }
      }
    }
  }

  /// The density is the derivative of the distribution function `Phi(u(theta))`.
  @Test
  void logDensityIsTheSlopeOfTheDistributionFunction() {
    for (double u = -3; u <= 3; u += 0.05) {
      for (Marginal m : PRIOR.marginals()) {
        double theta = m.fromUnconstrained(u);
        double h = 1e-5 * StrictMath.abs(theta);
        double slope =
            (Special.normalCdf(m.toUnconstrained(theta + h))
                    - Special.normalCdf(m.toUnconstrained(theta - h)))
                / (2 * h);
        assertThat(m.logDensity(theta)).isCloseTo(StrictMath.log(slope), within(1e-6));
      }
    }
    assertThat(new Marginal.Uniform("a", 1, 3).logDensity(2))
        .isCloseTo(-StrictMath.log(2), within(1e-15));
    assertThat(new Marginal.Uniform("a", 1, 3).logDensity(3)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(new Marginal.LogNormal("a", 0, 1).logDensity(0)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  /// Kolmogorov-Smirnov at level 0.001 (1.95 / sqrt(n)); a shift by 0.05 sd is far outside.
  @Test
  void drawsFollowThePrior() {
    int n = 20_000;
    double[] theta = PRIOR.sample(8, 0, n);
    double bound = 1.95 / StrictMath.sqrt(n);
    for (int j = 0; j < 4; j++) {
      double[] u = new double[n];
      for (int i = 0; i < n; i++) {
        u[i] = PRIOR.marginals().get(j).toUnconstrained(theta[4 * i + j]);
      }
      Arrays.sort(u);
      assertThat(kolmogorov(u, 0)).isLessThan(bound);
      assertThat(kolmogorov(u, 0.05)).isGreaterThan(bound);
    }
  }

  @Test
  void drawsAreAFunctionOfSeedAndIndex() {
    double[] all = PRIOR.sample(8, 0, 50);
    assertThat(PRIOR.sample(8, 20, 30)).containsExactly(Arrays.copyOfRange(all, 80, 120));
    assertThat(PRIOR.sample(9, 0, 50)).isNotEqualTo(all);
  }

  @Test
  void badPriorsAreRefused() {
    assertThatThrownBy(() -> new Marginal.Uniform("a", 1, 1)).hasMessageContaining("a");
    assertThatThrownBy(() -> new Marginal.Normal("b", 0, 0)).hasMessageContaining("b");
    assertThatThrownBy(() -> new Marginal.LogNormal("c", 0, Double.NaN)).hasMessageContaining("c");
    assertThatThrownBy(() -> Prior.of()).isInstanceOf(IllegalArgumentException.class);
  }

  private static double kolmogorov(double[] sorted, double shift) {
    double d = 0;
    for (int i = 0; i < sorted.length; i++) {
      double f = Special.normalCdf(sorted[i] + shift);
      d = StrictMath.max(d, StrictMath.abs(f - (double) i / sorted.length));
      d = StrictMath.max(d, StrictMath.abs(f - (i + 1.0) / sorted.length));
    }
    return d;
  }
}
