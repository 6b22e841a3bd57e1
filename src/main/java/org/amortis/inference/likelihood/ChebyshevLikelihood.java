package org.amortis.inference.likelihood;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.math.Special;
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
    Var x = theta.max(lowest).log().reshape(count, repeat);
    Var value = null;
    for (int i = 0; i < panels.size(); i++) {
      Var here = clenshaw(x, i);
      if (value == null) {
        value = here;
      } else {
        Var low = theta.trace().constant(theta, Special.log(panels.get(i).low()));
        value = x.less(low).select(value, here);
      }
    }
    return value.reshape(count * repeat);
  }

  /// Clenshaw's recurrence, one coefficient row a term.
  private Var clenshaw(Var x, int panel) {
    Chebyshev s = panels.get(panel).series();
    Trace t = x.trace();
    Var c = t.data("chebyshev" + panel, Type.f64(s.terms(), count));
    double width = s.high() - s.low();
    // Outside its panel a series may overflow; the argument is held inside.
    Var u = x.mul(2 / width).add(-(s.low() + s.high()) / width).max(-1.0).min(1.0);
    Var twice = u.mul(2);
    Var a = t.zeros(x.type());
    Var b = a;
    for (int j = s.terms() - 1; j > 0; j--) {
      Var next = twice.mul(a).add(row(c, j).sub(b));
      b = a;
      a = next;
    }
    return u.mul(a).add(row(c, 0).sub(b));
  }

  private Var row(Var c, int j) {
    return c.slice(0, j, j + 1).reshape(count, 1);
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
