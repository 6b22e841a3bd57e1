package org.amortis.inference;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.program.Var;

/// Prior of a parameter vector: independent marginals, each with its bijection to the real line.
///
/// Under the bijection the prior is standard normal on R^p, so posterior mass outside the support
/// is impossible and a flow's base is the prior itself. Points on the host are float64, p numbers
/// each, one after the other.
///
/// @param marginals one a parameter, in the order of theta
public record Prior(List<Marginal> marginals) {
  /// Stream number of prior draws.
  public static final int STREAM = 1;

  /// Copies the marginals.
  ///
  /// @throws IllegalArgumentException when there is none
  public Prior {
    marginals = List.copyOf(marginals);
    if (marginals.isEmpty()) {
      throw new IllegalArgumentException("a prior needs at least one parameter");
    }
  }

  /// Independent marginals.
  ///
  /// @throws IllegalArgumentException when there is none
  public static Prior of(Marginal... marginals) {
    return new Prior(List.of(marginals));
  }

  /// Uniform on a box.
  ///
  /// @param names of the parameters `(p,)`
  /// @param low lower ends `(p,)`
  /// @param high upper ends `(p,)`
  /// @throws IllegalArgumentException unless each low is below its high and both are finite
  public static Prior box(String[] names, double[] low, double[] high) {
    List<Marginal> m = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      m.add(new Marginal.Uniform(names[i], low[i], high[i]));
    }
    return new Prior(m);
  }

  /// Number of parameters.
  public int size() {
    return marginals.size();
  }

  /// Draws `[from, to)` of the stream of a seed; draw i is the same in every range that holds it.
  ///
  /// @return `(to - from, p)`
  public double[] sample(long seed, long from, long to) {
    int p = size();
    double[] theta = new double[(int) (to - from) * p];
    RandomKey key = new RandomKey(seed, STREAM);
    Streams.normalInto(key, 0, from * p, to * p, theta, 0);
    for (int i = 0; i < theta.length; i++) {
      theta[i] = marginals.get(i % p).fromUnconstrained(theta[i]);
    }
    return theta;
  }

  /// Log-density at each of the points `(n, p)`; minus infinity outside the support.
  ///
  /// @return `(n,)`
  public double[] logDensity(double[] theta) {
    double[] sum = new double[theta.length / size()];
    for (int i = 0; i < theta.length; i++) {
      sum[i / size()] += marginals.get(i % size()).logDensity(theta[i]);
    }
    return sum;
  }

  /// The bijection at each of the points `(n, p)`, see [Marginal#toUnconstrained(double)].
  ///
  /// @return `(n, p)`
  public double[] toUnconstrained(double[] theta) {
    double[] u = new double[theta.length];
    for (int i = 0; i < u.length; i++) {
      u[i] = marginals.get(i % size()).toUnconstrained(theta[i]);
    }
    return u;
  }

  /// The inverse bijection at each of the points `(n, p)`.
  ///
  /// @return `(n, p)`, strictly inside the support
  public double[] fromUnconstrained(double[] u) {
    double[] theta = new double[u.length];
    for (int i = 0; i < u.length; i++) {
      theta[i] = marginals.get(i % size()).fromUnconstrained(u[i]);
    }
    return theta;
  }

  /// Traces the inverse bijection at points `(B, p)`.
  public Var fromUnconstrained(Var u) {
    List<Var> columns = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      columns.add(marginals.get(i).fromUnconstrained(u.slice(1, i, i + 1)));
    }
    return u.trace().concat(columns, 1);
  }

  /// Traces the bijection at points `(B, p)`; differentiable.
  public Var toUnconstrained(Var theta) {
    List<Var> columns = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      columns.add(marginals.get(i).toUnconstrained(theta.slice(1, i, i + 1)));
    }
    return theta.trace().concat(columns, 1);
  }

  /// Index of the first point of `(n, p)` that does not lie strictly inside the support; -1 when
  /// all do.
  public int firstOutside(double[] theta) {
    for (int i = 0; i < theta.length; i++) {
      if (!marginals.get(i % size()).contains(theta[i])) {
        return i / size();
      }
    }
    return -1;
  }
}
