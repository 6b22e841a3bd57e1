package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.math.Spline;
import org.amortis.engine.shape.Type;

/// Cases of fused ops and of Gaussian densities.
final class FusedCases {
  private final OpCases to;

  private FusedCases(OpCases to) {
    this.to = to;
  }

  static void add(OpCases to) {
    FusedCases c = new FusedCases(to);
    c.dense();
    c.softmax();
    c.convPool(2, 8, 6, 3, 3, 4);
    c.convPool(3, 16, 16, 1, 3, 16);
    c.convPool(5, 4, 4, 16, 3, 13);
    c.convPool(2, 6, 4, 2, 5, 3);
    c.convPool(1, 2, 2, 1, 1, 1);
    c.convPool(2, 8, 8, 4, 3, 32);
    for (boolean inverse : new boolean[] {false, true}) {
      c.spline(inverse, 13, 13, 5);
      c.spline(inverse, 207, 207, 10);
      c.spline(inverse, 1, 1, 3);
      c.spline(inverse, 207, 9, 4);
      c.coupling(inverse, 13, 1);
      c.coupling(inverse, 207, 3);
      c.coupling(inverse, 5, 40);
    }
    c.chebyshev(13, 1, 5);
    c.chebyshev(1, 207, 9);
    c.chebyshev(33, 17, 24);
    c.gaussian(GramStructure.squareLattice(4), 4);
    c.gaussian(GramStructure.denseLattice(3), 3);
    c.panels(9);
  }

  private void dense() {
    for (Activation a : List.of(Activation.NONE, Activation.RELU, Activation.leakyRelu(0.01))) {
      for (int[] e : new int[][] {{1, 1, 1}, {13, 7, 5}, {207, 33, 17}, {5, 64, 40}}) {
        Values v = to.values("dense" + a + Arrays.toString(e));
        to.smooth(
            "",
            new Dense(a),
            List.of(to.type(e[0], e[1]), to.type(e[1], e[2]), to.type(e[2])),
            v.normal(e[0] * e[1]),
            v.normal(e[1] * e[2]),
            v.normal(e[2]));
      }
    }
    to.plain(
        "NaN",
        new Dense(Activation.RELU),
        List.of(to.type(2, 2), to.type(2, 2), to.type(2)),
        new double[] {Double.NaN, 1, 2, 3},
        new double[] {1, 2, 3, -4},
        new double[] {0, 0.5});
  }

  private void softmax() {
    for (int[] dims : new int[][] {{1}, {9}, {13, 207}, {207, 3}, {2, 3, 5}, {1, 1021}}) {
      Type t = to.type(dims);
      to.smooth("", new Softmax(), List.of(t), to.values("softmax" + t).normal(t.size()));
    }
    double[] far = {700, 701, 699, -700, -701, -699, 0, 0, 0, -1e30, 0, 1e30};
    Arrays.setAll(far, i -> (float) far[i]);
    to.plain("far", new Softmax(), List.of(to.type(4, 3)), far);
    double inf = Double.POSITIVE_INFINITY;
    to.plain(
        "special",
        new Softmax(),
        List.of(to.type(3, 3)),
        new double[] {-inf, 1, 2, Double.NaN, 0, 0, inf, 0, 1});
  }

  private void convPool(int n, int h, int w, int c, int k, int o) {
    ConvPool op = new ConvPool();
    List<Type> types = List.of(to.type(n, h, w, c), to.type(k, k, c, o), to.type(o));
    Values v = to.values("convPool" + types);
    double[][] x = types.stream().map(t -> v.normal(t.size())).toArray(double[][]::new);
    to.smooth("", op, types, x);
    double[] code = op.evaluate(types, List.of(x)).get(1);
    Type d = op.infer(types).getFirst();
    double[] dy = v.normal(d.size());
    to.plain("", new ConvPool.InputGradient(h, w), List.of(d, d, types.get(1)), dy, code, x[1]);
    to.plain("", new ConvPool.WeightGradient(k), List.of(types.get(0), d, d), x[0], dy, code);
  }

  private void spline(boolean inverse, int rows, int groups, int bins) {
    RationalQuadratic op = new RationalQuadratic(Spline.of(bins, 3), inverse);
    Type x = to.type(rows);
    Type raw = to.type(groups, 3 * bins - 1);
    Values v = to.values("spline" + inverse + x + raw);
    double[] at = v.uniform(rows, -3.5, 3.5);
    double[] parameters = v.normal(raw.size());
    to.smooth("", op, List.of(x, raw), at, parameters);
    to.plain(
        "",
        new RationalQuadratic.Gradient(op),
        List.of(x, raw, x, x),
        at,
        parameters,
        v.normal(rows),
        v.normal(rows));
  }

  private void coupling(boolean inverse, int rows, int d) {
    AffineCoupling op = new AffineCoupling(2, inverse);
    Type x = to.type(rows, d);
    Type raw = to.type(rows, 2 * d);
    Values v = to.values("coupling" + inverse + x);
    double[] at = v.normal(x.size());
    double[] parameters = v.normal(raw.size());
    to.smooth("", op, List.of(x, raw), at, parameters);
    to.plain(
        "",
        new AffineCoupling.Gradient(op),
        List.of(x, raw, x, to.type(rows)),
        at,
        parameters,
        v.normal(x.size()),
        v.normal(rows));
  }

  private void chebyshev(int rows, int functions, int terms) {
    ChebyshevSeries op = new ChebyshevSeries(new Chebyshev(terms, -1, 3));
    Type c = to.type(terms, functions);
    Type x = to.type(rows, functions);
    Values v = to.values("chebyshev" + x);
    double[] at = v.uniform(x.size(), -0.9, 2.9);
    double[] coefficients = v.normal(c.size());
    to.add("", op, List.of(c, x), List.of(1), coefficients, at);
    double[] outside = at.clone();
    outside[0] = -2;
    outside[x.size() / 2] = Double.NaN;
    outside[x.size() - 1] = 4;
    to.plain("outside", op, List.of(c, x), coefficients, outside);
  }

  /// A matrix that no GPU kernel holds in local memory.
  private void panels(int side) {
    GramStructure s = GramStructure.denseLattice(side);
    double[] distance = GramStructure.latticeDistances(side);
    double[] c = new double[2 * s.lags()];
    for (int i = 0; i < c.length; i++) {
      c[i] = (float) StrictMath.exp(-distance[i % s.lags()] / (i < s.lags() ? 0.1 : 0.25));
    }
    Type z = to.type(3, s.order());
    double[] data = to.values("gaussian" + s.order()).normal(z.size());
    to.plain("", new GaussianLogDensity(s, true), List.of(to.type(2, s.lags()), z), c, data);
  }

  private void gaussian(GramStructure s, int side) {
    int n = s.order();
    double[] distance = GramStructure.latticeDistances(side);
    double[] theta = {0.1, 0.25, 0.4, 0.7, 0.9, 0.3};
    double[] c = new double[theta.length * s.lags()];
    for (int i = 0; i < c.length; i++) {
      c[i] = (float) StrictMath.exp(-distance[i % s.lags()] / theta[i / s.lags()]);
    }
    Type table = to.type(theta.length, s.lags());
    Values v = to.values("gaussian" + n);
    for (int fields : new int[] {1, 3, 6}) {
      Type z = to.type(fields, n);
      double[] data = v.normal(z.size());
      to.add("", new GaussianLogDensity(s, false), List.of(table, z), List.of(0), c.clone(), data);
      to.plain("", new GaussianLogDensity(s, true), List.of(table, z), c.clone(), data);
      to.plain(
          "",
          new GaussianLogDensity.Gradient(s),
          List.of(table, z, to.type(theta.length)),
          c.clone(),
          data,
          v.normal(theta.length));
    }
    double[] indefinite = c.clone();
    indefinite[s.lags()] = -1;
    to.plain(
        "indefinite",
        new GaussianLogDensity(s, false),
        List.of(table, to.type(6, n)),
        indefinite,
        v.normal(6 * n));
    if (s.blocks().size() == 1) {
      to.plain(
          "",
          new GaussianField(s),
          List.of(table, to.type(theta.length, n)),
          c,
          v.normal(theta.length * n));
    }
  }
}
