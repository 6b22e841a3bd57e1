package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("op")
class SplineTest {

  @Test
  void agreesWithNflowsInValueLadjAndGradients() throws IOException {
    for (SplineGolden golden : SplineGolden.load()) {
      Spline spline = golden.spline();
      double[] draw = new double[spline.parameters()];
      Spline.Value value =
          golden.inverse()
              ? spline.inverse(golden.input(), golden.raw(), 0)
              : spline.forward(golden.input(), golden.raw(), 0);
      double dInput =
          golden.inverse()
              ? spline.inverseBackward(
                  golden.input(), golden.raw(), 0, golden.dOutput(), golden.dLadj(), draw, 0)
              : spline.forwardBackward(
                  golden.input(), golden.raw(), 0, golden.dOutput(), golden.dLadj(), draw, 0);
      assertThat(value.value()).as("%s", golden).isCloseTo(golden.output(), within(1e-11));
      assertThat(value.ladj()).as("%s", golden).isCloseTo(golden.ladj(), within(1e-11));
      assertThat(dInput).as("%s", golden).isCloseTo(golden.dInput(), relative(golden.dInput()));
      for (int j = 0; j < draw.length; j++) {
        assertThat(draw[j])
            .as("parameter %d of %s", j, golden)
            .isCloseTo(golden.dRaw()[j], relative(golden.dRaw()[j]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 10, 16})
  void gradientsAgreeWithCentralDifferences(int bins) {
    SplittableRandom random = new SplittableRandom(bins);
    Spline spline = Spline.of(bins, 3);
    double[] draw = new double[spline.parameters()];
    int compared = 0;
    for (int trial = 0; trial < 40; trial++) {
      double[] raw = raw(random, spline, 1);
      double v = random.nextDouble(-3, 3);
      double a = random.nextDouble(-1, 1);
      double b = random.nextDouble(-1, 1);
      boolean inverse = trial % 2 == 1;
      double dInput =
          inverse
              ? spline.inverseBackward(v, raw, 0, a, b, draw, 0)
              : spline.forwardBackward(v, raw, 0, a, b, draw, 0);
      double h = 1e-4;
      double numeric = 0;
      for (int i = 0; i < 4; i++) {
        numeric += WEIGHTS[i] * loss(spline, inverse, v + STEPS[i] * h, raw, a, b) / h;
      }
      // A stencil that straddles a knot sees the kink of ladj, so values close to one are left out.
      if (smooth(spline, inverse, v, raw, 1e-2)) {
        compared++;
        assertThat(dInput).isCloseTo(numeric, within(1e-7 * Math.max(1, Math.abs(numeric))));
        for (int j = 0; j < raw.length; j++) {
          double kept = raw[j];
          numeric = 0;
          for (int i = 0; i < 4; i++) {
            raw[j] = kept + STEPS[i] * h;
            numeric += WEIGHTS[i] * loss(spline, inverse, v, raw, a, b) / h;
          }
          raw[j] = kept;
          assertThat(draw[j]).isCloseTo(numeric, within(1e-7 * Math.max(1, Math.abs(numeric))));
        }
      }
    }
    assertThat(compared).isGreaterThan(25);
  }

  private static final double[] STEPS = {-2, -1, 1, 2};
  private static final double[] WEIGHTS = {1 / 12.0, -8 / 12.0, 8 / 12.0, -1 / 12.0};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 10, 16})
  void inverseUndoesForwardAndLadjIsTheLogSlope(int bins) {
    SplittableRandom random = new SplittableRandom(100 + bins);
    Spline spline = Spline.of(bins, 5);
    for (int trial = 0; trial < 500; trial++) {
      double[] raw = raw(random, spline, 1);
      double x = random.nextDouble(-6, 6);
      Spline.Value y = spline.forward(x, raw, 0);
      Spline.Value back = spline.inverse(y.value(), raw, 0);
      assertThat(back.value()).isCloseTo(x, within(1e-12));
      assertThat(back.ladj()).isCloseTo(-y.ladj(), within(1e-10));
      double h = 1e-6;
      double slope =
          (spline.forward(x + h, raw, 0).value() - spline.forward(x - h, raw, 0).value()) / (2 * h);
      assertThat(StrictMath.exp(y.ladj())).isCloseTo(slope, within(1e-4 * slope));
    }
  }

  @Test
  void identityParametersGiveTheIdentity() {
    for (int bins : new int[] {1, 2, 10, 16}) {
      Spline spline = Spline.of(bins, 5);
      double[] raw = spline.identityRaw();
      for (double x : new double[] {-7, -5, -4.999, -1, 0, 0.3, 2.5, 5, 5.001, 100}) {
        Spline.Value y = spline.forward(x, raw, 0);
        assertThat(y.value()).isCloseTo(x, within(1e-14));
        assertThat(y.ladj()).isCloseTo(0, within(1e-14));
      }
    }
  }

  @Test
  void endsStayFixedAndTailsAreLinear() {
    SplittableRandom random = new SplittableRandom(5);
    Spline spline = Spline.of(8, 3);
    double[] raw = raw(random, spline, 3);
    for (double end : new double[] {-3, 3}) {
      assertThat(spline.forward(end, raw, 0).value()).isCloseTo(end, within(1e-14));
      assertThat(spline.forward(end, raw, 0).ladj()).isCloseTo(0, within(1e-12));
      assertThat(spline.inverse(end, raw, 0).value()).isCloseTo(end, within(1e-13));
    }
    assertThat(spline.forward(3.5, raw, 0)).isEqualTo(new Spline.Value(3.5, 0));
    assertThat(spline.inverse(Double.NEGATIVE_INFINITY, raw, 0))
        .isEqualTo(new Spline.Value(Double.NEGATIVE_INFINITY, 0));
  }

  @Test
  void extremeParametersStayFiniteAndNanPropagates() {
    SplittableRandom random = new SplittableRandom(9);
    Spline spline = Spline.of(10, 5);
    double[] draw = new double[spline.parameters()];
    for (int trial = 0; trial < 300; trial++) {
      double[] raw = new double[spline.parameters()];
      for (int j = 0; j < raw.length; j++) {
        raw[j] = random.nextBoolean() ? 30 : -30;
      }
      double x = random.nextDouble(-5, 5);
      Spline.Value y = spline.forward(x, raw, 0);
      Spline.Value z = spline.inverse(x, raw, 0);
      double dx = spline.forwardBackward(x, raw, 0, 1, 1, draw, 0);
      double dy = spline.inverseBackward(x, raw, 0, 1, 1, draw, 0);
      for (double v : new double[] {y.value(), y.ladj(), z.value(), z.ladj(), dx, dy}) {
        assertThat(v).isFinite();
      }
      assertThat(draw).doesNotContain(Double.NaN);
    }
    double[] raw = spline.identityRaw();
    assertThat(spline.forward(Double.NaN, raw, 0).value()).isNaN();
    assertThat(spline.inverse(Double.NaN, raw, 0).ladj()).isNaN();
    raw[3] = Double.NaN;
    assertThat(spline.forward(4, raw, 0).value()).isNaN();
    assertThat(spline.inverse(-4, raw, 0).value()).isNaN();
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> Spline.of(0, 1)).hasMessageContaining("at least 1 bin");
    assertThatThrownBy(() -> Spline.of(1000, 1)).hasMessageContaining("do not fit");
    assertThatThrownBy(() -> Spline.of(4, -1)).hasMessageContaining("bound");
  }

  private static double loss(
      Spline spline, boolean inverse, double v, double[] raw, double a, double b) {
    Spline.Value out = inverse ? spline.inverse(v, raw, 0) : spline.forward(v, raw, 0);
    return a * out.value() + b * out.ladj();
  }

  /// Whether the second derivative is continuous near `v`: no knot within `reach`.
  private static boolean smooth(
      Spline spline, boolean inverse, double v, double[] raw, double reach) {
    double[] knots = new double[spline.bins() + 1];
    double sum = 0;
    int at = inverse ? spline.bins() : 0;
    for (int k = 0; k < spline.bins(); k++) {
      sum += StrictMath.exp(raw[at + k]);
    }
    knots[0] = -spline.bound();
    for (int k = 0; k < spline.bins(); k++) {
      double share = StrictMath.exp(raw[at + k]) / sum;
      knots[k + 1] = knots[k] + 2 * spline.bound() * (1e-3 + (1 - spline.bins() * 1e-3) * share);
    }
    for (double knot : knots) {
      if (Math.abs(v - knot) < reach) {
        return false;
      }
    }
    return true;
  }

  static double[] raw(SplittableRandom random, Spline spline, double scale) {
    double[] raw = new double[spline.parameters()];
    for (int j = 0; j < raw.length; j++) {
      raw[j] = scale * random.nextGaussian();
    }
    return raw;
  }

  private static org.assertj.core.data.Offset<Double> relative(double expected) {
    return within(1e-10 * Math.max(1, Math.abs(expected)));
  }
}
