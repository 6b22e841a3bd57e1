package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// The registry of cases: every op at odd sizes, on special numbers, broadcast, in one element
/// type.
final class OpCases {
  final DType f;
  private final List<OpCase> cases = new ArrayList<>();

  private OpCases(DType f) {
    this.f = f;
  }

  /// All cases with floats of the given type.
  static List<OpCase> of(DType f) {
    OpCases c = new OpCases(f);
    c.sources();
    c.pointwise();
    c.reductions();
    MoveCases.add(c);
    ContractCases.add(c);
    FusedCases.add(c);
    RandomWalkCases.add(c);
    return c.cases;
  }

  Type type(int... dims) {
    return new Type(f, Shape.of(dims));
  }

  Values values(String text) {
    return new Values(text + f);
  }

  /// A case whose gradient is checked for all operands.
  void smooth(String label, Op op, List<Type> types, double[]... values) {
    add(label, op, types, IntStream.range(0, types.size()).boxed().toList(), values);
  }

  /// A case without a gradient.
  void plain(String label, Op op, List<Type> types, double[]... values) {
    add(label, op, types, List.of(), values);
  }

  void add(String label, Op op, List<Type> types, List<Integer> wrt, double[]... values) {
    cases.add(new OpCase(label, op, types, List.of(values), wrt));
  }

  private void sources() {
    double[] v = values("source").normal(13);
    for (Source.Role role : Source.Role.values()) {
      Type t = type(13);
      plain(role.name(), new Source.Input("x0", t, role), List.of(t), v);
    }
    plain("pi", new Source.Constant(StrictMath.PI, f), List.of());
    plain("whole", new Source.Constant(-7, DType.INT32), List.of());
    plain("", new Source.Table(type(13), v), List.of());
    plain("whole", new Source.Table(Type.i32(3), new double[] {1, -2, 3}), List.of());
  }

  private void pointwise() {
    for (Unary u : Unary.values()) {
      unary(u, u.name());
    }
    unary(new LeakyRelu(0.01), "LEAKY_RELU");
    for (DType to : DType.values()) {
      Cast cast = new Cast(to);
      // Rounding to float32 has steps that a central difference in float64 sees.
      List<Integer> wrt = to == DType.FLOAT64 ? List.of(0) : List.of();
      add("", cast, List.of(type(207)), wrt, values("cast").normal(207));
      plain("special", cast, List.of(type(Values.SPECIAL.length)), Values.SPECIAL);
      plain("", cast, List.of(Type.i32(13)), values("cast").whole(13, -99, 99));
    }
    for (Binary b : Binary.values()) {
      binary(b);
    }
    double[] flag = values("flag").whole(1021, 0, 2);
    flag[3] = Double.NaN;
    Select select = new Select();
    add(
        "",
        select,
        List.of(type(1021), type(1021), type(1021)),
        List.of(1, 2),
        flag,
        values("a").normal(1021),
        values("b").normal(1021));
    add(
        "broadcast",
        select,
        List.of(type(7, 1), type(13), type()),
        List.of(1, 2),
        values("flag").whole(7, 0, 2),
        values("a").normal(13),
        values("b").normal(1));
    add(
        "one flag",
        select,
        List.of(type(), type(7, 13), type(7, 13)),
        List.of(1, 2),
        new double[] {1},
        values("a").normal(91),
        values("b").normal(91));
  }

  private void unary(Op op, String name) {
    for (int n : new int[] {1, 13, 207, 1021}) {
      Values v = values(name + n);
      double[] x =
          switch (name) {
            case "LOG", "SQRT" -> v.uniform(n, 0.01, 10);
            case "LOG1P" -> v.uniform(n, -0.9, 5);
            case "NORMAL_QUANTILE" -> v.uniform(n, 0.01, 0.99);
            default -> v.apart(n);
          };
      List<Integer> wrt = name.equals("SIGN") || name.equals("FLOOR") ? List.of() : List.of(0);
      add("", op, List.of(type(n)), n == 1021 ? List.of() : wrt, x);
    }
    plain("special", op, List.of(type(Values.SPECIAL.length)), Values.SPECIAL);
    plain("scalar", op, List.of(type()), new double[] {0.75});
    plain("empty", op, List.of(type(0, 3)), new double[0]);
    plain("images", op, List.of(type(3, 5, 7, 2)), values(name).uniform(210, 0.1, 0.9));
  }

  private static final int[][][] PAIRS = {
    {{13}, {13}},
    {{1021}, {1021}},
    {{207}, {}},
    {{}, {207}},
    {{}, {}},
    {{7, 13}, {13}},
    {{13}, {7, 13}},
    {{7, 1}, {1, 13}},
    {{3, 1, 5}, {4, 1}},
    {{5, 1}, {5, 207}},
    {{2, 3, 1, 7}, {1, 1, 5, 7}},
    {{0, 3}, {3}},
  };

  private void binary(Binary b) {
    boolean steps = b == Binary.LESS || b == Binary.LESS_EQUAL || b == Binary.EQUAL;
    for (int[][] pair : PAIRS) {
      Type p = type(pair[0]);
      Type q = type(pair[1]);
      Values v = values(b + "" + p + q);
      double[] x = steps ? v.whole(p.size(), 0, 3) : v.apart(p.size());
      double[] y = steps ? v.whole(q.size(), 0, 3) : v.apart(q.size());
      List<Integer> wrt = steps || p.size() == 0 ? List.of() : List.of(0, 1);
      add("", b, List.of(p, q), wrt, x, y);
    }
    int n = Values.SPECIAL.length;
    plain("special", b, List.of(type(n, 1), type(n)), Values.SPECIAL, Values.SPECIAL);
    plain("special and one", b, List.of(type(n), type()), Values.SPECIAL, new double[] {2});
    plain("one and special", b, List.of(type(), type(n)), new double[] {-0.0}, Values.SPECIAL);
    if (b == Binary.ADD || b == Binary.SUB || b == Binary.MUL) {
      double[] x = values("int").whole(13, -99, 99);
      double[] y = values("tni").whole(13, -99, 99);
      plain("whole", b, List.of(Type.i32(13), Type.i32(13)), x, y);
      plain("whole and one", b, List.of(Type.i32(13), Type.i32()), x, new double[] {5});
    }
  }

  private static final int[][] LINES = {
    {1, 0},
    {13, 0},
    {1021, 0},
    {7, 207, 0},
    {7, 207, 1},
    {207, 7, 0},
    {5, 3, 13, 1},
    {5, 3, 13, 2},
    {1, 1021, 1},
    {2, 3, 4, 5, 2}
  };

  private void reductions() {
    for (Reduce.Kind kind : Reduce.Kind.values()) {
      for (int[] line : LINES) {
        Type t = type(java.util.Arrays.copyOf(line, line.length - 1));
        Values v = values(kind + "" + t);
        double[] x = kind == Reduce.Kind.MAX ? v.distinct(t.size()) : v.normal(t.size());
        smooth("", new Reduce(kind, line[line.length - 1]), List.of(t), x);
      }
      double[] odd = values("odd").whole(9 * 13, -2, 3);
      odd[3] = Double.NaN;
      odd[13 + 4] = Double.POSITIVE_INFINITY;
      odd[26 + 5] = Double.NEGATIVE_INFINITY;
      java.util.Arrays.fill(odd, 39, 52, Double.NEGATIVE_INFINITY);
      odd[52] = Double.POSITIVE_INFINITY;
      odd[53] = Double.NEGATIVE_INFINITY;
      plain("special", new Reduce(kind, 1), List.of(type(9, 13)), odd);
      plain("special", new Reduce(kind, 0), List.of(type(13, 9)), odd);
      plain("no rows", new Reduce(kind, 1), List.of(type(0, 13)), new double[0]);
    }
    plain("empty sum", new Reduce(Reduce.Kind.SUM, 0), List.of(type(0, 3)), new double[0]);
    plain("empty sums", new Reduce(Reduce.Kind.SUM, 1), List.of(type(3, 0)), new double[0]);
  }
}
