package org.amortis.inference.likelihood;

import org.amortis.engine.device.Executable;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Exact likelihood of a zero-mean Gaussian process without nugget, float64.
///
/// `log N(z; 0, C(theta))` with C built from the covariance at the distinct distances of the sites.
/// The structure says how C falls apart: one dense block in general, six small ones on a square
/// lattice.
public final class GaussianProcessLikelihood implements LogLikelihood {
  private final GramStructure structure;
  private final double[] distances;
  private final StationaryCovariance covariance;
  private final double[] projected;

  /// A likelihood of the data sets `z`, `(F, n)`.
  ///
  /// @param distances distinct distances `(m,)` in the order of the structure's table
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
    Trace t = theta.trace();
    Var lags = t.constant(DType.FLOAT64, Shape.of(1, distances.length), distances);
    Var z = t.data("projected", Type.f64(count(), structure.order()));
    return t.one(new GaussianLogDensity(structure, pairs), covariance.at(theta, lags), z);
  }

  @Override
  public void bind(Executable program) {
    program.input("projected").write(projected, 0);
  }
}
