package org.amortis.inference.likelihood;

import java.util.List;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.train.Column;

/// Exact likelihood of a zero-mean Gaussian process without nugget, float64.
///
/// `log N(z; 0, C(theta))` with C built from the covariance at the distinct distances of the sites.
/// The structure says how C falls apart: one dense block in general, six small ones on a square
/// lattice.
public final class GaussianProcessLikelihood implements LogLikelihood {
  private static final String COLUMN = "projected";

  private final GramStructure structure;
  private final double[] distances;
  private final StationaryCovariance covariance;
  private final double[] projected;

  /// A likelihood of F data sets.
  ///
  /// @param structure how the covariance matrix `(n, n)` is built from the table
  /// @param distances distinct distances `(m,)` in the order of the structure's table, in the units
  ///   of the covariance function's length scale
  /// @param covariance of the field
  /// @param z data `(F, n)`, not modified
  /// @throws IllegalArgumentException when the numbers of values or distances do not fit the
  ///   structure
  public GaussianProcessLikelihood(
      GramStructure structure, double[] distances, StationaryCovariance covariance, double[] z) {
    if (z.length == 0
        || z.length % structure.order() != 0
        || distances.length != structure.lags()) {
      throw new IllegalArgumentException(
          z.length
              + " values and "
              + distances.length
              + " distances do not fit "
              + structure.order()
              + " sites with "
              + structure.lags()
              + " lags");
    }
    this.structure = structure;
    this.distances = distances.clone();
    this.covariance = covariance;
    this.projected = structure.project(z);
  }

  @Override
  public int count() {
    return projected.length / structure.order();
  }

  @Override
  public Var each(Var theta, int repeat) {
    return trace(theta, false);
  }

  @Override
  public Var all(Var theta) {
    return trace(theta, true);
  }

  private Var trace(Var theta, boolean pairs) {
    Var z = theta.trace().data(COLUMN, Type.f64(count(), structure.order()));
    return density(theta, z, pairs);
  }

  private Var density(Var theta, Var z, boolean pairs) {
    Trace t = theta.trace();
    Var lags = t.constant(DType.FLOAT64, Shape.of(1, distances.length), distances);
    return t.one(new GaussianLogDensity(structure, pairs), covariance.at(theta, lags), z);
  }

  /// The same likelihood for data sets that come with a batch, in the column of [#columns].
  public BatchLikelihood batch() {
    return (theta, batch, repeat) -> {
      Trace t = theta.trace();
      return density(t.cast(theta, DType.FLOAT64), t.cast(batch.get(COLUMN), DType.FLOAT64), false);
    };
  }

  /// The projected data as the column `projected` of a training set; rounding it to float32 moves
  /// log-densities by some 1e-6 of themselves.
  public List<Column> columns() {
    float[] values = new float[projected.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) projected[i];
    }
    return List.of(new Column(COLUMN, Shape.of(structure.order()), values));
  }

  @Override
  public void bind(Executable program) {
    program.input(COLUMN).write(projected, 0);
  }
}
