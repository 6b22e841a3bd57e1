package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Type;

/// Cases of contractions, pooling and factorizations.
final class ContractCases {
  private final OpCases to;

  private ContractCases(OpCases to) {
    this.to = to;
  }

  static void add(OpCases to) {
    ContractCases c = new ContractCases(to);
    for (int[] e : new int[][] {{1, 1, 1}, {13, 7, 5}, {207, 33, 13}, {1021, 3, 17}, {1, 40, 64}}) {
      c.matmul(e[0], e[1], e[2]);
    }
    c.matmul(3, 4, 5, 6);
    c.matmul(9, 2000, 10);
    c.conv(2, 6, 5, 3, 3, 4, 1, 1);
    c.conv(1, 9, 7, 1, 3, 8, 1, 1);
    c.conv(3, 7, 6, 2, 3, 5, 1, 0);
    c.conv(2, 9, 8, 3, 5, 4, 2, 1);
    c.conv(2, 3, 4, 5, 1, 17, 1, 0);
    c.conv(13, 8, 8, 4, 3, 16, 1, 1);
    c.pool(2, 6, 8, 3, 2);
    c.pool(3, 5, 7, 1, 2);
    c.pool(1, 9, 9, 2, 3);
    c.solve();
  }

  private void matmul(int m, int k, int n) {
    for (int form = 0; form < 4; form++) {
      boolean ta = form % 2 == 1;
      boolean tb = form / 2 == 1;
      Type a = ta ? to.type(k, m) : to.type(m, k);
      Type b = tb ? to.type(n, k) : to.type(k, n);
      pair(new MatMul(ta, tb), a, b);
    }
  }

  private void matmul(int batch, int m, int k, int n) {
    for (int form = 0; form < 4; form++) {
      boolean ta = form % 2 == 1;
      boolean tb = form / 2 == 1;
      Type a = ta ? to.type(batch, k, m) : to.type(batch, m, k);
      Type b = tb ? to.type(batch, n, k) : to.type(batch, k, n);
      pair(new MatMul(ta, tb), a, b);
    }
  }

  private void pair(Op op, Type a, Type b) {
    Values v = to.values(op + "" + a + b);
    to.smooth("", op, List.of(a, b), v.normal(a.size()), v.normal(b.size()));
  }

  private void conv(int n, int h, int w, int c, int k, int o, int stride, int pad) {
    Conv2d conv = new Conv2d(stride, pad);
    Type x = to.type(n, h, w, c);
    Type weight = to.type(k, k, c, o);
    Type y = conv.infer(List.of(x, weight)).getFirst();
    pair(conv, x, weight);
    pair(new Conv2d.InputGradient(conv, h, w), y, weight);
    pair(new Conv2d.WeightGradient(conv, k, k), x, y);
  }

  private void pool(int n, int h, int w, int c, int size) {
    MaxPool pool = new MaxPool(size);
    Type x = to.type(n, h, w, c);
    to.smooth("", pool, List.of(x), to.values("pool" + x).distinct(x.size()));
    double[] ties = to.values("ties" + x).whole(x.size(), -1, 2);
    to.plain("ties", pool, List.of(x), ties);
    double[] odd = ties.clone();
    odd[0] = Double.NaN;
    odd[c + 1] = Double.NEGATIVE_INFINITY;
    odd[odd.length / 2] = Double.NaN;
    odd[odd.length / 3] = Double.POSITIVE_INFINITY;
    to.plain("special", pool, List.of(x), odd);
    double[] place = pool.evaluate(List.of(x), List.of(ties)).get(1);
    Type d = pool.infer(List.of(x)).getFirst();
    to.plain(
        "",
        new MaxPool.InputGradient(size, h, w),
        List.of(d, Type.i32(d.shape().dims())),
        to.values("adjoint" + d).normal(d.size()),
        place);
  }

  private void solve() {
    for (int[] e : new int[][] {{1, 1, 1}, {3, 6, 2}, {2, 17, 1}, {1, 33, 5}, {5, 13, 13}}) {
      int batch = e[0];
      int n = e[1];
      int r = e[2];
      Type a = to.type(batch, n, n);
      Type b = to.type(batch, n, r);
      Values v = to.values("solve" + a);
      to.smooth("", new Solve.Cholesky(), List.of(a), v.definite(batch, n));
      for (boolean transposed : new boolean[] {false, true}) {
        to.smooth(
            "",
            new Solve.TriangularSolve(transposed),
            List.of(a, b),
            v.lower(batch, n),
            v.normal(b.size()));
      }
    }
    Type one = to.type(13, 13);
    to.smooth("", new Solve.Cholesky(), List.of(one), to.values("one").definite(1, 13));
    double[] indefinite = to.values("indefinite").definite(3, 6);
    indefinite[36 + 14] = -1;
    to.plain("indefinite", new Solve.Cholesky(), List.of(to.type(3, 6, 6)), indefinite);
    double[] nan = to.values("nan").definite(3, 6);
    nan[36] = Double.NaN;
    to.plain("NaN", new Solve.Cholesky(), List.of(to.type(3, 6, 6)), nan);
  }
}
