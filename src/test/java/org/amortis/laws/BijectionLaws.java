package org.amortis.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/// What every bijection must obey, checked from its values alone.
///
/// @param dimension number of coordinates
/// @param forward `x` to `y`; does not modify its argument
/// @param inverse `y` to `x`; does not modify its argument
/// @param ladj `log |det dy/dx|` at `x`
public record BijectionLaws(
    int dimension,
    UnaryOperator<double[]> forward,
    UnaryOperator<double[]> inverse,
    ToDoubleFunction<double[]> ladj) {

  /// `inverse(forward(x)) = x` to `tolerance` in each coordinate.
  public void inverseUndoesForward(List<double[]> points, double tolerance) {
    for (double[] x : points) {
      double[] back = inverse.apply(forward.apply(x));
      for (int i = 0; i < dimension; i++) {
        assertThat(back[i]).isCloseTo(x[i], within(tolerance));
      }
    }
  }

  /// `ladj` is the log determinant of the Jacobian by central differences of the given step.
  public void ladjIsTheLogDeterminant(List<double[]> points, double step, double tolerance) {
    for (double[] x : points) {
      double[][] jacobian = new double[dimension][];
      for (int i = 0; i < dimension; i++) {
        double[] up = x.clone();
        double[] down = x.clone();
        up[i] += step;
        down[i] -= step;
        double[] high = forward.apply(up);
        double[] low = forward.apply(down);
        jacobian[i] = new double[dimension];
        for (int j = 0; j < dimension; j++) {
          jacobian[i][j] = (high[j] - low[j]) / (up[i] - down[i]);
        }
      }
      assertThat(ladj.applyAsDouble(x)).isCloseTo(logDeterminant(jacobian), within(tolerance));
    }
  }

  /// The density of `x` where `y` is standard normal integrates to one over `[-reach,
  /// reach]^dimension`.
  ///
  /// Midpoint rule with `cells` cells an axis: for one or two dimensions.
  public void densityIntegratesToOne(double reach, int cells, double tolerance) {
    double width = 2 * reach / cells;
    double sum = 0;
    int[] index = new int[dimension];
    double[] x = new double[dimension];
    boolean more = true;
    while (more) {
      for (int i = 0; i < dimension; i++) {
        x[i] = -reach + (index[i] + 0.5) * width;
      }
      double logDensity = ladj.applyAsDouble(x);
      for (double y : forward.apply(x)) {
        logDensity -= 0.5 * y * y + 0.5 * Math.log(2 * Math.PI);
      }
      sum += Math.exp(logDensity);
      int axis = 0;
      while (axis < dimension && ++index[axis] == cells) {
        index[axis++] = 0;
      }
      more = axis < dimension;
    }
    assertThat(sum * Math.pow(width, dimension)).isCloseTo(1, within(tolerance));
  }

  /// By elimination with partial pivoting; modifies `a`.
  private static double logDeterminant(double[][] a) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      int pivot = k;
      for (int i = k + 1; i < a.length; i++) {
        pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
      }
      double[] row = a[pivot];
      a[pivot] = a[k];
      a[k] = row;
      sum += Math.log(Math.abs(row[k]));
      for (int i = k + 1; i < a.length; i++) {
        double factor = a[i][k] / row[k];
        for (int j = k; j < a.length; j++) {
          a[i][j] -= factor * row[j];
        }
      }
    }
    return sum;
  }
}
