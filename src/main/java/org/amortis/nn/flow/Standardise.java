package org.amortis.nn.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Scope;

/// A fixed scale and shift of each column: `y = (x - mean) / sd`, ladj `-sum log sd`.
///
/// x `(B, p)`. No parameters.
///
/// @param mean of each column
/// @param sd of each column, positive
public record Standardise(List<Double> mean, List<Double> sd) implements Bijection {
  /// Copies the moments.
  ///
  /// @throws IllegalArgumentException when their numbers differ or an sd is not positive
  public Standardise {
    mean = List.copyOf(mean);
    sd = List.copyOf(sd);
    if (mean.size() != sd.size() || sd.stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException(
          "[standardise] needs as many means as positive sds, found " + mean + " and " + sd);
    }
  }

  /// The mean and the standard deviation (divisor n - 1, at least 1e-14) of each column of
  /// `points`.
  ///
  /// @param points `(n, p)`, n at least 2
  public static Standardise of(double[] points, int p) {
    int n = points.length / p;
    List<Double> mean = new ArrayList<>();
    List<Double> sd = new ArrayList<>();
    for (int j = 0; j < p; j++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += points[i * p + j];
      }
      double m = sum / n;
      double square = 0;
      for (int i = 0; i < n; i++) {
        square += (points[i * p + j] - m) * (points[i * p + j] - m);
      }
      mean.add(m);
      sd.add(StrictMath.max(1e-14, StrictMath.sqrt(square / (n - 1))));
    }
    return new Standardise(mean, sd);
  }

  @Override
  public Mapped forward(Scope scope, Var x, Var context) {
    double[] factor = sd.stream().mapToDouble(s -> 1 / s).toArray();
    return new Mapped(x.sub(row(x, values(mean))).mul(row(x, factor)), ladj(x, -1));
  }

  @Override
  public Mapped inverse(Scope scope, Var latent, Var context) {
    Var x = latent.mul(row(latent, values(sd))).add(row(latent, values(mean)));
    return new Mapped(x, ladj(latent, 1));
  }

  private Var ladj(Var x, double sign) {
    double sum = 0;
    for (double s : sd) {
      sum += StrictMath.log(s);
    }
    return x.trace().scalar(sign * sum, x.type().dtype()).broadcast(x.dim(0));
  }

  private static double[] values(List<Double> list) {
    return list.stream().mapToDouble(v -> v).toArray();
  }

  private static Var row(Var like, double[] values) {
    return like.trace().table(new Type(like.type().dtype(), Shape.of(values.length)), values);
  }
}
