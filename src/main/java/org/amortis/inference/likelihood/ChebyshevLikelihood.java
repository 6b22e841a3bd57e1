package org.amortis.inference.likelihood;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.math.Special;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;

/// A likelihood of one positive parameter, interpolated in log theta: one Chebyshev series a data
/// set and panel.
///
/// Evaluating a series costs some hundred operations whatever the model behind it; the nodes are
/// shared by all data sets. Below the first panel the value at its lower end is used, which the
/// caller vouches for (for the exponential covariance the matrix is the identity to the last bit
/// there).
public final class ChebyshevLikelihood implements LogLikelihood {
  /// One interval of theta and its number of terms.
  public record Panel(double low, double high, int terms) {
    Chebyshev series() {
      return new Chebyshev(terms, Special.log(low), Special.log(high));
    }
  }

  private final int count;
  private final List<Panel> panels;
  private final List<double[]> coefficients = new ArrayList<>();

  /// Interpolates a likelihood.
  ///
  /// @param panels neighbouring intervals, the lowest first
  public ChebyshevLikelihood(LogLikelihood exact, List<Panel> panels, Device device) {
    this.count = exact.count();
    this.panels = List.copyOf(panels);
    for (Panel p : panels) {
      Chebyshev series = p.series();
      double[] theta = series.nodes();
      for (int k = 0; k < theta.length; k++) {
        theta[k] = Special.exp(theta[k]);
      }
      Trace t = new Trace("chebyshev_nodes");
      t.output("values", exact.all(t.data("theta", Type.f64(theta.length, 1))));
      try (Executable e = device.bind(t.program())) {
        exact.bind(e);
        e.input("theta").write(theta, 0);
        e.run();
        coefficients.add(series.coefficients(e.output("values").doubles(), count));
      }
    }
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public Var each(Var theta, int repeat) {
    Var lowest = theta.trace().constant(theta, panels.getFirst().low());
    // One row of points a chain, one column a data set.
    Var x = theta.max(lowest).log().reshape(count, repeat);
    x = repeat == 1 ? x.reshape(1, count) : theta.trace().swap(x);
    Var value = panel(x, 0);
    for (int i = 1; i < panels.size(); i++) {
      Var low = theta.trace().constant(theta, Special.log(panels.get(i).low()));
      value = x.less(low).select(value, panel(x, i));
    }
    return (repeat == 1 ? value : theta.trace().swap(value)).reshape(count * repeat);
  }

  /// The series of one panel, at points held inside it.
  private Var panel(Var x, int i) {
    Chebyshev s = panels.get(i).series();
    Trace t = x.trace();
    Var c = t.data("chebyshev" + i, Type.f64(s.terms(), count));
    Var inside = x.max(t.constant(x, s.low())).min(t.constant(x, s.high()));
    return t.one(new ChebyshevSeries(s), c, inside);
  }

  @Override
  public Var all(Var theta) {
    throw new UnsupportedOperationException("a grid takes the exact likelihood");
  }

  @Override
  public void bind(Executable program) {
    for (int i = 0; i < panels.size(); i++) {
      program.input("chebyshev" + i).write(coefficients.get(i), 0);
    }
  }
}
