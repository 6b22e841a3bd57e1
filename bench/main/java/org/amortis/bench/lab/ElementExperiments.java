package org.amortis.bench.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.bench.lab.Task.Operand;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.Cast;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.op.Reduce;
import org.amortis.engine.op.Softmax;
import org.amortis.engine.op.Sort;
import org.amortis.engine.op.Update;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Experiments with ops that visit elements or rows: pointwise, move, reduce, sort, random, adam,
/// mh, small.
final class ElementExperiments {
  private ElementExperiments() {}

  static void addTo(List<Experiment> to) {
    pointwise(to);
    move(to);
    reduce(to);
    sort(to);
    random(to);
    to.add(
        Experiment.of(
            "adam", "step, 205,700 parameters", 16, () -> adam(1021), () -> adam(205_700)));
    chains(to);
    to.add(
        Experiment.of("small", "mean of 32 squares, a counter", 16, () -> few(7), () -> few(32))
            .withJoined());
  }

  /// What stands around a training step: launches of a few elements each.
  private static Task few(int rows) {
    Numbers v = new Numbers();
    Map<String, double[]> inputs = new LinkedHashMap<>();
    Trace t = new Trace("few");
    Var x = input(t, inputs, "x", v.normal(Type.f32(rows, 9)));
    Var w = input(t, inputs, "w", v.normal(Type.f32(9, 1)));
    Var count = input(t, inputs, "count", v.of(Type.i32(1), 41));
    t.output("loss", x.matmul(w).square().mean());
    t.output("next", count.add(1));
    return new Task(t.program(), inputs, 2);
  }

  private static void chains(List<Experiment> to) {
    String family = "mh";
    to.add(
        Experiment.of(
            family, "proposals of 1e5 chains", 16, () -> propose(207), () -> propose(100_000)));
    to.add(
        Experiment.of(
            family, "acceptance of 1e5 chains", 16, () -> accept(207), () -> accept(100_000)));
    to.add(
        Experiment.of(family, "draws of 1e5 chains kept", 0, () -> keep(207), () -> keep(100_000)));
  }

  private static Task propose(int chains) {
    Numbers v = new Numbers();
    return Task.of(
        new RandomWalk.Propose(30, List.of(-0.5, -9.0), List.of(0.5, 9.0)),
        v.uniform(Type.f64(chains, 2), -0.4, 0.4),
        v.uniform(Type.f64(chains), 0.1, 1),
        v.of(Type.i32(3), 1, 2, 3));
  }

  private static Task accept(int chains) {
    Numbers v = new Numbers();
    Type theta = Type.f64(chains, 2);
    Type one = Type.f64(chains);
    return Task.of(
        new RandomWalk.Accept(31, new RandomWalk.Tuning.Towards(0.44)),
        v.normal(theta),
        v.normal(one),
        v.uniform(one, 0.1, 1),
        v.uniform(one, 0, 9),
        v.uniform(one, 0, 9),
        v.normal(theta),
        v.whole(one, 0, 2),
        v.normal(one),
        v.of(Type.f64(4), 2, 1.5, 1.25, 0),
        v.of(Type.i32(3), 1, 2, 2));
  }

  private static Task keep(int chains) {
    Numbers v = new Numbers();
    return Task.of(
        new RandomWalk.Keep(),
        v.normal(Type.f64(5, chains, 2)),
        v.normal(Type.f64(chains, 2)),
        v.of(Type.i32(4), 0, -1, 3, 2),
        v.of(Type.i32(3), 1, 2, 2));
  }

  private static void pointwise(List<Experiment> to) {
    String family = "pointwise";
    to.add(
        Experiment.of(
            family, "group of 8 ops, 1e6", 16, () -> group(13, 17), () -> group(1000, 1000)));
    to.add(
        Experiment.of(
            family,
            "integer to float32, 1e6",
            0,
            () -> cast(Type.i32(1021), DType.FLOAT32),
            () -> cast(Type.i32(1_000_000), DType.FLOAT32)));
    to.add(
        Experiment.of(
            family,
            "float32 to integer, 1e6",
            0,
            () -> cast(Type.f32(1021), DType.INT32),
            () -> cast(Type.f32(1_000_000), DType.INT32)));
    to.add(
        Experiment.of(
            family,
            "float32 to float64, 1e6",
            0,
            () -> cast(Type.f32(1021), DType.FLOAT64),
            () -> cast(Type.f32(1_000_000), DType.FLOAT64)));
    to.add(
        Experiment.of(
            family,
            "float64 to float32, 1e6",
            0,
            () -> cast(Type.f64(1021), DType.FLOAT32),
            () -> cast(Type.f64(1_000_000), DType.FLOAT32)));
    to.add(
        Experiment.of(
            family, "product of integers, 1e6", 0, () -> whole(13, 7), () -> whole(1000, 1000)));
  }

  /// A row added, a column taken off, elementary functions, a choice: one group of the planner.
  private static Task group(int rows, int columns) {
    Numbers v = new Numbers();
    Map<String, double[]> inputs = new LinkedHashMap<>();
    Trace t = new Trace("group");
    Var x = input(t, inputs, "x", v.normal(Type.f32(rows, columns)));
    Var row = input(t, inputs, "row", v.normal(Type.f32(columns)));
    Var column = input(t, inputs, "column", v.normal(Type.f32(rows, 1)));
    Var a = x.add(row).tanh();
    Var b = x.sub(column).sigmoid();
    t.output("y", a.mul(b).add(x.abs().log1p()).max(0.25));
    return new Task(t.program(), inputs, 1);
  }

  private static Var input(Trace t, Map<String, double[]> inputs, String label, Operand o) {
    inputs.put(label, o.values());
    return t.data(label, o.type());
  }

  private static Task cast(Type from, DType to) {
    Numbers v = new Numbers();
    return Task.of(new Cast(to), from.dtype().isFloat() ? v.normal(from) : v.whole(from, -99, 99));
  }

  private static Task whole(int rows, int columns) {
    Numbers v = new Numbers();
    return Task.of(
        Binary.MUL, v.whole(Type.i32(rows, columns), -99, 99), v.whole(Type.i32(columns), -99, 99));
  }

  private static void move(List<Experiment> to) {
    String family = "move";
    to.add(
        Experiment.of(
            family,
            "copy of 1e6",
            0,
            () -> cast(Type.f32(1021), DType.FLOAT32),
            () -> cast(Type.f32(1_000_000), DType.FLOAT32)));
    to.add(
        Experiment.of(
            family,
            "transpose 1000 x 1000",
            0,
            () -> transpose(13, 29),
            () -> transpose(1000, 1000)));
    to.add(
        Experiment.of(
            family,
            "2,048 rows of 256, shuffled",
            0,
            () -> gather(13, 7),
            () -> gather(2048, 256)));
    to.add(
        Experiment.of(
            family,
            "2,048 rows of 256, added where they belong",
            4,
            () -> scatter(13, 7, Type.f32(29, 7)),
            () -> scatter(2048, 256, Type.f32(2048, 256))));
    to.add(
        Experiment.of(
            family,
            "rows of integers, added where they belong",
            0,
            () -> scatter(13, 3, Type.i32(29, 3)),
            () -> scatter(64, 256, Type.i32(64, 256))));
    to.add(
        Experiment.of(
            family, "two halves of 1000 x 1000", 0, () -> concat(13, 5), () -> concat(1000, 500)));
    to.add(
        Experiment.of(
            family, "1000 x 500 within zeros", 0, () -> embed(13, 5), () -> embed(1000, 500)));
    to.add(
        Experiment.of(
            family,
            "512 of 1,000 elements of 1,000 rows",
            0,
            () -> take(13, 7),
            () -> take(1000, 512)));
    to.add(
        Experiment.of(
            family, "window of 512 x 256", 0, () -> window(13, 7, 5), () -> window(512, 256, 512)));
    to.add(
        Experiment.of(
            family,
            "64 diagonal matrices of 128",
            0,
            () -> diagonal(3, 7),
            () -> diagonal(64, 128)));
  }

  private static Task transpose(int rows, int columns) {
    return Task.of(
        new Move.Transpose(List.of(1, 0)), new Numbers().normal(Type.f32(rows, columns)));
  }

  private static Task gather(int rows, int width) {
    Numbers v = new Numbers();
    return Task.of(
        new Move.Gather(), v.normal(Type.f32(rows, width)), v.whole(Type.i32(rows), 0, rows));
  }

  private static Task scatter(int rows, int width, Type from) {
    Numbers v = new Numbers();
    Operand x = from.dtype().isFloat() ? v.normal(from) : v.whole(from, -99, 99);
    return Task.of(new Move.Scatter(rows), x, v.whole(Type.i32(from.shape().dim(0)), 0, rows));
  }

  private static Task concat(int rows, int width) {
    Numbers v = new Numbers();
    return Task.of(
        new Move.Concat(1), v.normal(Type.f32(rows, width)), v.normal(Type.f32(rows, width)));
  }

  private static Task embed(int rows, int width) {
    return Task.of(
        new Move.Embed(1, width / 2, 2 * width), new Numbers().normal(Type.f32(rows, width)));
  }

  private static Task take(int rows, int columns) {
    Numbers v = new Numbers();
    return Task.of(
        new Move.Take(), v.normal(Type.f32(rows, 1000)), v.whole(Type.i32(rows, columns), 0, 1000));
  }

  private static Task window(int rows, int width, int size) {
    Numbers v = new Numbers();
    return Task.of(
        new Move.Window(size),
        v.normal(Type.f32(rows, width)),
        v.whole(Type.i32(1), 0, rows - size + 1));
  }

  private static Task diagonal(int batch, int n) {
    return Task.of(
        new org.amortis.engine.op.DiagonalMatrix(), new Numbers().normal(Type.f32(batch, n)));
  }

  private static void reduce(List<Experiment> to) {
    reduction(to, Reduce.Kind.SUM, 1, 8);
    reduction(to, Reduce.Kind.SUM, 0, 8);
    reduction(to, Reduce.Kind.MAX, 1, 0);
    reduction(to, Reduce.Kind.LOG_SUM_EXP, 1, 4);
    to.add(
        Experiment.of(
            "reduce",
            "sum of 1e6",
            16,
            () -> reduce(Reduce.Kind.SUM, 0, 40_013),
            () -> reduce(Reduce.Kind.SUM, 0, 1_000_000)));
    to.add(
        Experiment.of(
            "reduce",
            "softmax of rows, 200 x 5000",
            32,
            () -> Task.of(new Softmax(), new Numbers().normal(Type.f32(13, 207))),
            () -> Task.of(new Softmax(), new Numbers().normal(Type.f32(200, 5000)))));
  }

  private static void reduction(List<Experiment> to, Reduce.Kind kind, int axis, double ulps) {
    to.add(
        Experiment.of(
            "reduce",
            kind + " along axis " + axis + ", 200 x 5000",
            ulps,
            () -> reduce(kind, axis, 13, 1021),
            () -> reduce(kind, axis, 200, 5000)));
  }

  private static Task reduce(Reduce.Kind kind, int axis, int... dims) {
    return Task.of(new Reduce(kind, axis), new Numbers().uniform(Type.f32(dims), 0, 1));
  }

  private static void sort(List<Experiment> to) {
    to.add(
        Experiment.of(
            "sort", "1,000 rows of 1,000", 0, () -> sort(13, 207), () -> sort(1000, 1000)));
    to.add(
        Experiment.of("sort", "one row of 1e6", 0, () -> sort(2, 9001), () -> sort(1, 1_000_000)));
  }

  private static Task sort(int rows, int n) {
    return Task.of(new Sort(), new Numbers().normal(Type.f32(rows, n)));
  }

  private static void random(List<Experiment> to) {
    for (DType real : List.of(DType.FLOAT32, DType.FLOAT64)) {
      to.add(
          Experiment.of(
              "random",
              "uniform " + real + ", 1e6",
              0,
              () -> draw(new Draw.Uniform(real, Shape.of(1021), 3)),
              () -> draw(new Draw.Uniform(real, Shape.of(1_000_000), 3))));
      to.add(
          Experiment.of(
              "random",
              "normal " + real + ", 1e6",
              4,
              () -> draw(new Draw.Normal(real, Shape.of(1021), 3)),
              () -> draw(new Draw.Normal(real, Shape.of(1_000_000), 3))));
    }
    to.add(
        Experiment.of("random", "dropout, 1e6", 2, () -> dropout(1021), () -> dropout(1_000_000)));
  }

  private static Operand key() {
    return new Operand(Type.i32(3), new double[] {12345, -6, 7});
  }

  private static Task draw(Draw op) {
    return Task.of(op, key());
  }

  private static Task dropout(int n) {
    return Task.of(new Draw.Dropout(0.2, 3), new Numbers().normal(Type.f32(n)), key());
  }

  private static Task adam(int n) {
    Numbers v = new Numbers();
    Type t = Type.f32(n);
    return Task.of(
        new Update.Adam(0.9, 0.999, 1e-8, 0.01),
        v.normal(t),
        v.normal(t),
        v.normal(t),
        v.uniform(t, 0, 1),
        v.of(Type.f32(4), 1e-3, 0.1, 0.001, 0.5));
  }
}
