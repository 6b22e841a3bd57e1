package org.amortis.inference.likelihood;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;

/// Values of a log-likelihood at one point a data set, bound once.
final class Points implements AutoCloseable {
  private final Prior prior;
  private final Executable program;

  Points(Prior prior, LogLikelihood likelihood, Device device) {
    this.prior = prior;
    Trace t = new Trace("likelihood_points");
    Type points = Type.f64(likelihood.count(), prior.size());
    t.output("log_likelihood", likelihood.each(t.data("theta", points), 1));
    this.program = device.bind(t.program());
    likelihood.bind(program);
  }

  /// Log-likelihoods at unconstrained points `(F, p)`; NaN counts as minus infinity.
  double[] at(double[] u) {
    program.input("theta").write(prior.fromUnconstrained(u), 0);
    program.run();
    double[] value = program.output("log_likelihood").doubles();
    for (int f = 0; f < value.length; f++) {
      value[f] = Double.isNaN(value[f]) ? Double.NEGATIVE_INFINITY : value[f];
    }
    return value;
  }

  @Override
  public void close() {
    program.close();
  }
}
