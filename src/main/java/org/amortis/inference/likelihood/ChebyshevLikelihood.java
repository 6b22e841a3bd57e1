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
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.train.Column;

/// A likelihood of one positive parameter, interpolated in log theta: one Chebyshev series a data
/// set and panel.
///
/// Evaluating a series costs some hundred operations whatever the model behind it; the nodes are
/// shared by all data sets. Below the first panel the value at its lower end is used, which the
/// caller vouches for (for the exponential covariance the matrix is the identity to the last bit
/// there). The source of the interpolation stands in [Chebyshev].
public final class ChebyshevLikelihood implements LogLikelihood {
  /// One interval of theta and its number of terms.
  ///
  /// @param low lower end in natural units, positive
  /// @param high upper end
  /// @param terms number of nodes, and of the series' terms
  public record Panel(double low, double high, int terms) {
    Chebyshev series() {
      return new Chebyshev(terms, Special.log(low), Special.log(high));
    }
  }

  private final int count;
  private final List<Panel> panels;
  private final List<double[]> coefficients = new ArrayList<>();

  /// Interpolates a likelihood, which is evaluated at every panel's nodes for every data set.
  ///
  /// @param exact likelihood of one parameter
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
    List<Var> series = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      series.add(theta.trace().data(name(i), Type.f64(panels.get(i).terms(), count)));
    }
    return value(theta, panels, series, count, repeat);
  }

  /// The same likelihood for data sets that come with a batch, in the columns of [#columns]:
  /// differentiable in theta between the panels' ends, constant outside.
  public BatchLikelihood batch() {
    return batch(panels);
  }

  /// Reads the columns of any such likelihood with these panels.
  public static BatchLikelihood batch(List<Panel> panels) {
    return (theta, batch, repeat) -> {
      Trace t = theta.trace();
      List<Var> series = new ArrayList<>();
      for (int i = 0; i < panels.size(); i++) {
        series.add(t.swap(t.cast(batch.get(name(i)), DType.FLOAT64)));
      }
      return value(t.cast(theta, DType.FLOAT64), panels, series, series.getFirst().dim(1), repeat);
    };
  }

  /// The series' coefficients as columns of a training set, `chebyshev0`, ... one a panel; rounding
  /// them to float32 moves log-densities by some 1e-6 of themselves.
  public List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      int terms = panels.get(i).terms();
      double[] c = coefficients.get(i);
      float[] values = new float[c.length];
      for (int k = 0; k < c.length; k++) {
        values[k % count * terms + k / count] = (float) c[k];
      }
      columns.add(new Column(name(i), Shape.of(terms), values));
    }
    return columns;
  }

  private static String name(int panel) {
    return "chebyshev" + panel;
  }

  private static Var value(Var theta, List<Panel> panels, List<Var> series, int count, int repeat) {
    Trace t = theta.trace();
    // One row of points a chain, one column a data set.
    Var x = theta.max(panels.getFirst().low()).log().reshape(count, repeat);
    x = repeat == 1 ? x.reshape(1, count) : t.swap(x);
    Var value = panel(x, panels.getFirst(), series.getFirst());
    for (int i = 1; i < panels.size(); i++) {
      Var low = t.constant(theta, Special.log(panels.get(i).low()));
      value = x.less(low).select(value, panel(x, panels.get(i), series.get(i)));
    }
    return (repeat == 1 ? value : t.swap(value)).reshape(count * repeat);
  }

  /// The series of one panel, at points held inside it.
  private static Var panel(Var x, Panel panel, Var coefficients) {
    Chebyshev s = panel.series();
    return x.trace().one(new ChebyshevSeries(s), coefficients, x.max(s.low()).min(s.high()));
  }

  @Override
  public Var all(Var theta) {
    throw new UnsupportedOperationException("a grid takes the exact likelihood");
  }

  @Override
  public void bind(Executable program) {
    for (int i = 0; i < panels.size(); i++) {
      program.input(name(i)).write(coefficients.get(i), 0);
    }
  }
}
