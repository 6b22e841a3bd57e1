package org.amortis.laws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.amortis.engine.math.ClampedAffine;
import org.amortis.engine.math.Spline;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The elementwise bijections obey the laws, and a wrong one is caught.
@Tag("op")
class BijectionLawsTest {

  @Test
  void splines() {
    for (int bins : new int[] {1, 2, 8, 16}) {
      SplittableRandom random = new SplittableRandom(bins);
      Spline spline = Spline.of(bins, 4);
      double[] raw = new double[spline.parameters()];
      for (int j = 0; j < raw.length; j++) {
        raw[j] = random.nextGaussian();
      }
      BijectionLaws laws =
          new BijectionLaws(
              1,
              x -> new double[] {spline.forward(x[0], raw, 0).value()},
              y -> new double[] {spline.inverse(y[0], raw, 0).value()},
              x -> spline.forward(x[0], raw, 0).ladj());
      check(laws, random, 8, 40_000);
    }
  }

  @Test
  void affineCouplingOfTwoCoordinates() {
    BijectionLaws laws = coupling(x -> 0);
    check(laws, new SplittableRandom(2), 16, 400);
  }

  @Test
  void aWrongLadjIsCaught() {
    BijectionLaws laws = coupling(x -> 0.01);
    List<double[]> points = points(new SplittableRandom(2), 2, 10);
    assertThatThrownBy(() -> laws.ladjIsTheLogDeterminant(points, 1e-5, 1e-5))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> laws.densityIntegratesToOne(16, 400, 1e-4))
        .isInstanceOf(AssertionError.class);
    BijectionLaws lame = new BijectionLaws(1, x -> x, y -> new double[] {y[0] + 1e-3}, x -> 0);
    assertThatThrownBy(() -> lame.inverseUndoesForward(List.of(new double[] {1}), 1e-6))
        .isInstanceOf(AssertionError.class);
  }

  private static void check(BijectionLaws laws, SplittableRandom random, double reach, int cells) {
    List<double[]> points = points(random, laws.dimension(), 200);
    laws.inverseUndoesForward(points, 1e-12);
    laws.ladjIsTheLogDeterminant(points, 1e-6, 1e-4);
    laws.densityIntegratesToOne(reach, cells, 1e-4);
  }

  private static List<double[]> points(SplittableRandom random, int dimension, int n) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double[] x = new double[dimension];
      for (int j = 0; j < dimension; j++) {
        x[j] = 2 * random.nextGaussian();
      }
      points.add(x);
    }
    return points;
  }

  /// The second coordinate is scaled and shifted by functions of the first.
  private static BijectionLaws coupling(ToDoubleFunction<double[]> error) {
    ClampedAffine affine = new ClampedAffine(0.8);
    return new BijectionLaws(
        2,
        x -> new double[] {x[0], affine.forward(x[1], x[0], Math.sin(x[0])).value()},
        y -> new double[] {y[0], affine.inverse(y[1], y[0], Math.sin(y[0])).value()},
        x -> affine.forward(x[1], x[0], 0).ladj() + error.applyAsDouble(x));
  }
}
