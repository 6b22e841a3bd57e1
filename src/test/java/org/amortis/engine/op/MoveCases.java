package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Cases of the ops that move elements, of draws and of updates.
final class MoveCases {
  private final OpCases to;

  private MoveCases(OpCases to) {
    this.to = to;
  }

  static void add(OpCases to) {
    MoveCases c = new MoveCases(to);
    c.shapes();
    c.parts();
    c.rows();
    c.diagonals();
    c.sorted();
    c.draws();
    c.updates();
  }

  /// A case that takes float operands of the given type, smooth.
  private void one(String label, Op op, int... dims) {
    Type t = to.type(dims);
    to.smooth(label, op, List.of(t), to.values(op + label).normal(t.size()));
  }

  private void shapes() {
    one("", new Move.Reshape(Shape.of(13, 207)), 207, 13);
    one("", new Move.Reshape(Shape.of(1)));
    one("", new Move.Reshape(Shape.SCALAR), 1, 1);
    one("", new Move.Broadcast(Shape.of(7, 13)), 13);
    one("", new Move.Broadcast(Shape.of(207)));
    one("", new Move.Broadcast(Shape.of(5, 3, 7)), 5, 1, 7);
    one("", new Move.Broadcast(Shape.of(2, 5, 3)), 5, 1);
    double[] w = {1, 2, 3};
    to.plain("whole", new Move.Broadcast(Shape.of(2, 3)), List.of(Type.i32(3)), w);
    to.plain("whole", new Move.Broadcast(Shape.of(3)), List.of(Type.i32(3)), w);
    to.plain("whole", new Move.Transpose(List.of(1, 0)), List.of(Type.i32(3, 1)), w);
    one("", new Move.Transpose(List.of(1, 0)), 13, 207);
    one("", new Move.Transpose(List.of(0, 2, 1)), 5, 3, 13);
    one("", new Move.Transpose(List.of(2, 0, 1)), 5, 3, 13);
    one("", new Move.Transpose(List.of(0, 3, 1, 2)), 2, 3, 5, 7);
    one("", new Move.Transpose(List.of(0)), 13);
  }

  private void parts() {
    one("", new Move.Slice(0, 3, 10), 13);
    one("", new Move.Slice(0, 1, 4), 7, 13);
    one("", new Move.Slice(1, 200, 207), 13, 207);
    one("", new Move.Slice(1, 1, 3), 5, 4, 13);
    one("", new Move.Slice(2, 0, 1), 5, 4, 3);
    to.plain(
        "nothing",
        new Move.Slice(0, 2, 2),
        List.of(to.type(5, 2)),
        to.values("nothing").normal(10));
    to.plain("", new Move.Slice(0, 1, 3), List.of(Type.i32(5)), new double[] {1, 2, 3, 4, 5});
    one("", new Move.Embed(0, 3, 13), 7);
    one("", new Move.Embed(0, 0, 9), 7, 5);
    one("", new Move.Embed(1, 2, 207), 13, 200);
    one("", new Move.Embed(2, 1, 4), 3, 5, 2);
    concat(0, new int[] {13}, new int[] {1}, new int[] {207});
    concat(0, new int[] {2, 5}, new int[] {7, 5});
    concat(1, new int[] {13, 1}, new int[] {13, 20}, new int[] {13, 3});
    concat(1, new int[] {1, 4, 3}, new int[] {1, 2, 3});
    concat(2, new int[] {3, 5, 2}, new int[] {3, 5, 9});
    to.plain(
        "whole",
        new Move.Concat(0),
        List.of(Type.i32(2), Type.i32(1)),
        new double[] {5, -6},
        new double[] {7});
  }

  private void concat(int axis, int[]... dims) {
    List<Type> types = java.util.Arrays.stream(dims).map(to::type).toList();
    Values v = to.values("concat" + types);
    double[][] x = types.stream().map(t -> v.normal(t.size())).toArray(double[][]::new);
    to.smooth("", new Move.Concat(axis), types, x);
  }

  private void rows() {
    for (int[] dims : new int[][] {{13}, {207, 5}, {6, 4, 3}, {1, 30}}) {
      Type t = to.type(dims);
      int rows = dims[0];
      double[] x = to.values("rows" + t).normal(t.size());
      double[] index = to.values("index" + t).whole(21, 0, rows);
      to.add("", new Move.Gather(), List.of(t, Type.i32(21)), List.of(0), x, index);
      Type some = t.with(t.shape().with(0, 21));
      to.add(
          "",
          new Move.Scatter(rows),
          List.of(some, Type.i32(21)),
          List.of(0),
          to.values("some" + t).normal(some.size()),
          index);
      to.plain(
          "", new Move.Window((rows + 1) / 2), List.of(t, Type.i32(1)), x, new double[] {rows / 2});
    }
    double[] whole = to.values("whole").whole(12, -9, 9);
    double[] two = {2, 0};
    to.plain("whole", new Move.Gather(), List.of(Type.i32(4, 3), Type.i32(2)), whole, two);
    to.plain("whole", new Move.Scatter(3), List.of(Type.i32(2, 6), Type.i32(2)), whole, two);
    to.plain(
        "whole", new Move.Window(2), List.of(Type.i32(12), Type.i32(1)), whole, new double[] {10});
    to.plain(
        "",
        new Move.Take(),
        List.of(to.type(13, 5), Type.i32(13, 3)),
        to.values("take").normal(65),
        to.values("taken").whole(39, 0, 5));
    to.plain(
        "whole",
        new Move.Take(),
        List.of(Type.i32(4, 3), Type.i32(4, 1)),
        whole,
        new double[] {2, 1, 0, 2});
  }

  private void diagonals() {
    one("", new Diagonal(), 13, 13);
    one("", new Diagonal(), 3, 5, 5);
    one("", new Diagonal(), 1, 1);
    one("", new DiagonalMatrix(), 13);
    one("", new DiagonalMatrix(), 3, 5);
    one("", new DiagonalMatrix(), 50);
  }

  private void sorted() {
    for (int[] dims : new int[][] {{1}, {13}, {207}, {3, 1}, {13, 207}, {2, 3, 31}, {2, 5000}}) {
      Type t = to.type(dims);
      to.plain("", new Sort(), List.of(t), to.values("sort" + t).normal(t.size()));
      to.plain("ties", new Sort(), List.of(t), to.values("ties" + t).whole(t.size(), -3, 4));
    }
    to.plain("special", new Sort(), List.of(to.type(Values.SPECIAL.length)), Values.SPECIAL);
    to.plain("special", new Sort(), List.of(to.type(2, Values.SPECIAL.length / 2)), Values.SPECIAL);
    to.plain("no rows", new Sort(), List.of(to.type(0, 3)), new double[0]);
    to.plain("empty rows", new Sort(), List.of(to.type(3, 0)), new double[0]);
  }

  private void draws() {
    double[] key = {123456789, -987654321, 7};
    for (int[] dims : new int[][] {{}, {1}, {13}, {207}, {3, 5, 7}, {1021}}) {
      Shape s = Shape.of(dims);
      to.plain("", new Draw.Uniform(to.f, s, 5), List.of(Type.i32(3)), key);
      to.plain("", new Draw.Normal(to.f, s, 6), List.of(Type.i32(3)), key);
      Type t = to.type(dims);
      double[] x = to.values("dropout" + t).normal(t.size());
      to.add("", new Draw.Dropout(0.3, 7), List.of(t, Type.i32(3)), List.of(0), x, key);
    }
  }

  private void updates() {
    for (int n : new int[] {1, 13, 207, 1021}) {
      Type t = to.type(n);
      Values v = to.values("adam" + n);
      List<Type> types = List.of(t, t, t, t, to.type(4));
      double[] control = new double[] {(float) 1e-3, (float) 0.271, (float) 0.0029955, 0.5};
      for (double decay : new double[] {0, 0.1}) {
        to.plain(
            "",
            new Update.Adam(0.9, 0.999, 1e-8, decay),
            types,
            v.normal(n),
            v.normal(n),
            v.normal(n),
            v.uniform(n, 0.1, 1),
            control);
      }
    }
  }
}
