package org.amortis.engine.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Move;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Programs of random ops on matrices, with slices, concatenations, reshapes and updates, so that
/// passes and planners meet shapes nobody thought of. Values stay below a few units.
public final class RandomPrograms {
  /// How many seeds a test goes through.
  public static final int SEEDS = 60;

  private static final int[] EXTENTS = {1, 3, 17, 24};

  private final SplittableRandom random;
  private final Trace t;
  private final DType f;
  private final List<Var> pool = new ArrayList<>();
  private Var index;

  private RandomPrograms(int seed, DType f) {
    this.random = new SplittableRandom(seed);
    this.f = f;
    this.t = new Trace("random" + seed);
  }

  /// The program of a seed; every third one with the gradient of one of its values.
  public static Program of(int seed, DType f) {
    return new RandomPrograms(seed, f).build(10 + seed % 40, seed % 3 == 0);
  }

  private Program build(int count, boolean gradient) {
    List<Var> data = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      data.add(t.data("x" + i, type(extent(), extent())));
    }
    Var a = t.state("a", type(17, 24));
    Var b = t.state("b", type(17, 24));
    index = t.data("index", Type.i32(4));
    pool.addAll(data);
    pool.add(a);
    pool.add(b);
    pool.add(t.broadcast(t.scalar(0.5, f), Shape.of(17, 24)));
    for (int i = 0; i < count; i++) {
      pool.add(next());
    }
    if (gradient) {
      List<Var> wrt = List.of(data.getFirst(), a);
      List<Var> d = Gradient.of(pick().tanh().sum(), wrt);
      t.output("d_x0", d.get(0));
      t.output("d_a", d.get(1));
    }
    for (int i = 0; i < 4; i++) {
      t.output("y" + i, i == 0 ? pool.getLast() : pick());
    }
    updates(a, b);
    return t.program();
  }

  /// New values of the states: some value of their shape, which may be the other state.
  private void updates(Var a, Var b) {
    List<Var> fit = pool.stream().filter(v -> v.shape().equals(a.shape())).toList();
    t.update(a, fit.get(random.nextInt(fit.size())));
    t.update(b, random.nextBoolean() ? a : fit.get(random.nextInt(fit.size())));
  }

  private Type type(int... dims) {
    return new Type(f, Shape.of(dims));
  }

  private int extent() {
    return EXTENTS[random.nextInt(EXTENTS.length)];
  }

  private Var pick() {
    return pool.get(random.nextInt(pool.size()));
  }

  private Var next() {
    Var x = pick();
    int rows = x.dim(0);
    int columns = x.dim(1);
    return switch (random.nextInt(14)) {
      case 0 -> x.tanh();
      case 1 -> x.abs().neg();
      case 2 -> x.mul(random.nextInt(3) / 2.0).tanh();
      case 3, 4 -> binary(x, pick());
      case 5 -> t.reshape(x.sum(0), Shape.of(1, columns)).tanh();
      case 6 -> t.reshape(x.sum(1), Shape.of(rows, 1)).tanh();
      case 7 -> x.slice(0, random.nextInt(rows), rows);
      case 8 -> x.slice(1, 0, 1 + random.nextInt(columns));
      case 9 -> concat(x, pick());
      case 10 -> t.reshape(x, Shape.of(columns, rows));
      case 11 -> t.swap(x);
      case 12 -> x.gather(index.mul(t.scalar(0, DType.INT32)));
      default ->
          rows <= 30 && random.nextBoolean()
              ? t.one(new Move.Embed(0, 1, rows + 2), x)
              : t.matmul(x, x, false, true).tanh();
    };
  }

  private Var binary(Var x, Var y) {
    for (int i = 0; i < 2; i++) {
      if (x.dim(i) != y.dim(i) && x.dim(i) != 1 && y.dim(i) != 1) {
        return x.mul(x).tanh();
      }
    }
    return random.nextBoolean() ? x.add(y).tanh() : x.mul(y).tanh();
  }

  private Var concat(Var x, Var y) {
    int axis = x.dim(1) == y.dim(1) ? 0 : 1;
    boolean fits = x.dim(1 - axis) == y.dim(1 - axis) && x.dim(axis) + y.dim(axis) < 60;
    return fits ? t.concat(List.of(x, y), axis) : t.concat(List.of(x.slice(0, 0, 1), x), 0);
  }

  /// Values of the inputs of a program, a function of a seed.
  public static Map<String, double[]> inputs(Program p, int seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    Map<String, double[]> values = new LinkedHashMap<>();
    p.inputs()
        .forEach((label, n) -> {
          double[] v = new double[n.types().getFirst().size()];
          boolean whole = n.types().getFirst().dtype() == DType.INT32;
          Arrays.setAll(v, i -> whole ? 0 : (float) random.nextDouble(-1, 1));
          values.put(label, v);
        });
    return values;
  }

  /// Outputs and states after each of some runs.
  public static List<double[]> run(Device device, Program p, int seed, int runs) {
    try (Executable e = device.bind(p)) {
      return run(e, p, seed, runs);
    }
  }

  /// Outputs and states after each of some runs of a bound program.
  public static List<double[]> run(Executable e, Program p, int seed, int runs) {
    inputs(p, seed).forEach((k, v) -> e.input(k).write(v, 0));
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      e.run();
      p.outputs().keySet().forEach(k -> all.add(e.output(k).doubles()));
      p.updates().keySet().forEach(k -> all.add(e.input(k).doubles()));
    }
    return all;
  }
}
