package org.amortis.studies.gp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Objective;

/// Training pairs as the columns that the study's networks read.
final class Training {
  private Training() {}

  /// Columns `theta`, `u` (unconstrained) and `data`.
  static Dataset dataset(GaussianProcess.Pairs pairs) {
    int n = pairs.count();
    double[] unconstrained = GaussianProcess.PRIOR.toUnconstrained(pairs.theta());
    float[] theta = new float[n];
    float[] u = new float[n];
    for (int i = 0; i < n; i++) {
      theta[i] = (float) pairs.theta()[i];
      u[i] = (float) unconstrained[i];
    }
    return Dataset.of(
        new Column("theta", Shape.of(1), theta),
        new Column("u", Shape.of(1), u),
        new Column("data", GaussianProcess.FIELD, pairs.fields().values()));
  }

  /// The parameters of a network of the study.
  static ParameterLayout layout(Objective objective) {
    return ParameterLayout.of(scope -> {
      Map<String, Var> batch = new LinkedHashMap<>();
      int side = GaussianProcess.SIDE;
      batch.put("theta", scope.trace().data("column.theta", Type.f32(2, 1)));
      batch.put("u", scope.trace().data("column.u", Type.f32(2, 1)));
      batch.put("data", scope.trace().data("column.data", Type.f32(2, side, side, 1)));
      objective.losses(scope, batch);
    });
  }
}
