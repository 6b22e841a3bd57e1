package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.op.RandomWalk.Tuning;
import org.amortis.engine.shape.Type;

/// Cases of Metropolis-Hastings steps.
final class RandomWalkCases {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final List<Tuning> TUNINGS =
      List.of(new Tuning.Fixed(), new Tuning.Towards(0.44), new Tuning.Within(4, 1.5, 0.3, 0.6));

  private final OpCases to;

  private RandomWalkCases(OpCases to) {
    this.to = to;
  }

  static void add(OpCases to) {
    RandomWalkCases c = new RandomWalkCases(to);
    for (int[] e : new int[][] {{1, 1}, {13, 1}, {207, 2}, {1021, 3}, {0, 2}}) {
      c.propose(e[0], e[1]);
      for (Tuning t : TUNINGS) {
        // During tuning, at its last step, and after it.
        for (int step : new int[] {0, 3, 4, 1000}) {
          c.accept(e[0], e[1], t, step);
        }
      }
      c.keep(e[0], e[1]);
    }
    c.special();
  }

  private double[] key(int step) {
    return new double[] {-7, 12345, step};
  }

  private void propose(int chains, int p) {
    Values v = to.values("propose" + chains);
    Double[] low = new Double[p];
    Double[] high = new Double[p];
    for (int j = 0; j < p; j++) {
      low[j] = j == 1 ? -INFINITY : -0.5;
      high[j] = j == 2 ? INFINITY : 0.75;
    }
    Type theta = to.type(chains, p);
    to.plain(
        "",
        new RandomWalk.Propose(30, List.of(low), List.of(high)),
        List.of(theta, to.type(chains), Type.i32(3)),
        v.uniform(theta.size(), -0.45, 0.7),
        v.uniform(chains, 0.1, 1),
        key(17));
  }

  private void accept(int chains, int p, Tuning tuning, int step) {
    Values v = to.values("accept" + chains + tuning + step);
    Type theta = to.type(chains, p);
    Type one = to.type(chains);
    to.plain(
        "step " + step,
        new RandomWalk.Accept(31, tuning),
        List.of(theta, one, one, one, one, theta, one, one, to.type(5), Type.i32(3)),
        v.normal(theta.size()),
        v.normal(chains),
        v.uniform(chains, 0.1, 2),
        v.whole(chains, 0, 9),
        v.whole(chains, 0, 4),
        v.normal(theta.size()),
        v.whole(chains, 0, 3),
        v.normal(chains),
        new double[] {2, 1.5, 1.25, 1, 0},
        key(step));
  }

  private void keep(int chains, int p) {
    Values v = to.values("keep" + chains);
    Type theta = to.type(chains, p);
    Type kept = to.type(3, chains, p);
    double[] slots = {0, -1, 2, 3};
    for (int step : new int[] {0, 1, 2, 3, 4, -1}) {
      to.plain(
          "step " + step,
          new RandomWalk.Keep(),
          List.of(kept, theta, Type.i32(4), Type.i32(3)),
          v.normal(kept.size()),
          v.normal(theta.size()),
          slots,
          key(step));
    }
  }

  /// Densities that no comparison succeeds with, or every one does; points and scales that are no
  /// numbers.
  private void special() {
    double[] odd = {0, Double.NaN, INFINITY, -INFINITY, 1e30, -1e30};
    int n = odd.length * odd.length;
    double[] now = new double[n];
    double[] next = new double[n];
    Arrays.setAll(now, i -> odd[i / odd.length]);
    Arrays.setAll(next, i -> odd[i % odd.length]);
    Arrays.setAll(now, i -> (float) now[i]);
    Arrays.setAll(next, i -> (float) next[i]);
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    Type one = to.type(n);
    Type theta = to.type(n, 1);
    for (Tuning t : TUNINGS) {
      to.plain(
          "special",
          new RandomWalk.Accept(31, t),
          List.of(theta, one, one, one, one, theta, one, one, to.type(1), Type.i32(3)),
          now,
          now,
          ones,
          ones,
          ones,
          next,
          ones,
          next,
          new double[] {0.5},
          key(3));
    }
    to.plain(
        "special",
        new RandomWalk.Propose(30, List.of(-1.0), List.of(INFINITY)),
        List.of(to.type(6, 1), to.type(6), Type.i32(3)),
        new double[] {0, Double.NaN, INFINITY, 0, 0, 0},
        new double[] {0, 1, 1, Double.NaN, INFINITY, 1},
        key(1));
  }
}
