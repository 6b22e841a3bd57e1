package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("op")
class ClampedAffineTest {
  private static final double H = 1e-5;

  @Test
  void gradientsAgreeWithCentralDifferences() {
    SplittableRandom random = new SplittableRandom(4);
    for (int trial = 0; trial < 200; trial++) {
      ClampedAffine affine = new ClampedAffine(random.nextDouble(0.5, 3));
      boolean inverse = trial % 2 == 1;
      double v = random.nextGaussian();
      double r = 2 * random.nextGaussian();
      double t = random.nextGaussian();
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      ClampedAffine.Gradient gradient =
          inverse ? affine.inverseBackward(v, r, t, a, b) : affine.forwardBackward(v, r, t, a, b);
      double dv =
          loss(affine, inverse, v + H, r, t, a, b) - loss(affine, inverse, v - H, r, t, a, b);
      double dr =
          loss(affine, inverse, v, r + H, t, a, b) - loss(affine, inverse, v, r - H, t, a, b);
      double dt =
          loss(affine, inverse, v, r, t + H, a, b) - loss(affine, inverse, v, r, t - H, a, b);
      close(gradient.input(), dv / (2 * H));
      close(gradient.raw(), dr / (2 * H));
      close(gradient.shift(), dt / (2 * H));
    }
  }

  @Test
  void inverseUndoesForwardAndZeroIsTheIdentity() {
    SplittableRandom random = new SplittableRandom(5);
    ClampedAffine affine = new ClampedAffine(ClampedAffine.CLAMP);
    for (int trial = 0; trial < 200; trial++) {
      double x = random.nextGaussian();
      double r = 5 * random.nextGaussian();
      double t = random.nextGaussian();
      ClampedAffine.Value y = affine.forward(x, r, t);
      ClampedAffine.Value back = affine.inverse(y.value(), r, t);
      assertThat(back.value()).isCloseTo(x, within(1e-13));
      assertThat(back.ladj()).isEqualTo(-y.ladj());
      assertThat(Math.abs(y.ladj())).isLessThanOrEqualTo(1.9);
      assertThat(affine.forward(x, 0, 0)).isEqualTo(new ClampedAffine.Value(x, 0));
    }
  }

  @Test
  void clampIsChecked() {
    assertThatThrownBy(() -> new ClampedAffine(0)).hasMessageContaining("clamp");
    assertThatThrownBy(() -> new ClampedAffine(Double.NaN)).hasMessageContaining("clamp");
  }

  private static double loss(
      ClampedAffine affine, boolean inverse, double v, double r, double t, double a, double b) {
    ClampedAffine.Value out = inverse ? affine.inverse(v, r, t) : affine.forward(v, r, t);
    return a * out.value() + b * out.ladj();
  }

  private static void close(double actual, double numeric) {
    assertThat(actual).isCloseTo(numeric, within(1e-7 * Math.max(1, Math.abs(numeric))));
  }
}
