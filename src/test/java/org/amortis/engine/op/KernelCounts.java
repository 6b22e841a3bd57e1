package org.amortis.engine.op;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.amortis.engine.device.cuda.EmulatedCounts;
import org.amortis.engine.device.cuda.EmulatedCuda;
import org.amortis.engine.device.cuda.Steps;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// What kernels execute, counted by the emulator of PTX, as a table: for tuning without a GPU.
///
/// - `KernelCounts op NAME`: the largest case of every op of the registry whose name begins so,
///   float32 and float64;
/// - `KernelCounts matmul M K N [PRODUCTS]`: a product of float32, as `AMORTIS_PRODUCTS` says;
/// - `KernelCounts dense M K N`: with bias and activation, and its gradient;
/// - `KernelCounts pooled N SIDE C O`: a pooled 3 x 3 convolution of float32 and its gradients;
/// - `KernelCounts lattice SIDE FIELDS`, `KernelCounts full SIDE FIELDS`: log-densities of float64
///   on a lattice, by its symmetries or as one matrix;
/// - `KernelCounts step NAME`: a training step that is timed, `network`, `moons` or `fields`.
public final class KernelCounts {
  private KernelCounts() {}

  /// Prints the table that the arguments ask for.
  public static void main(String[] arguments) {
    boolean chosen = arguments.length > 4 && arguments[0].equals("matmul");
    String products = chosen ? arguments[4] : "own";
    EmulatedCuda driver = EmulatedCuda.open(products);
    EmulatedCounts counts = driver.count();
    try (GpuDevice device = new GpuDevice(driver)) {
      run(device, arguments);
    }
    System.out.print(counts.table());
  }

  private static int number(String[] arguments, int i) {
    return Integer.parseInt(arguments[i]);
  }

  private static void run(GpuDevice device, String[] a) {
    switch (a[0]) {
      case "op" -> op(device, a[1]);
      case "matmul" -> {
        Trace t = new Trace("matmul");
        Var x = t.data("x0", Type.f32(number(a, 1), number(a, 2)));
        Var y = t.data("x1", Type.f32(number(a, 2), number(a, 3)));
        t.output("y", t.one(new MatMul(false, false), x, y));
        run(device, t.program());
      }
      case "dense" -> {
        List<Type> types =
            List.of(
                Type.f32(number(a, 1), number(a, 2)),
                Type.f32(number(a, 2), number(a, 3)),
                Type.f32(number(a, 3)));
        run(device, new Dense(Activation.RELU), types);
      }
      case "pooled" -> {
        int side = number(a, 2);
        List<Type> types =
            List.of(
                Type.f32(number(a, 1), side, side, number(a, 3)),
                Type.f32(3, 3, number(a, 3), number(a, 4)),
                Type.f32(number(a, 4)));
        run(device, new ConvPool(), types);
      }
      case "lattice" ->
          density(device, GramStructure.squareLattice(number(a, 1)), number(a, 1), number(a, 2));
      case "full" ->
          density(device, GramStructure.denseLattice(number(a, 1)), number(a, 1), number(a, 2));
      case "step" -> Steps.run(a[1], device);
      default -> throw new IllegalArgumentException("no table " + a[0]);
    }
  }

  private static void density(GpuDevice device, GramStructure s, int side, int fields) {
    double[] distance = GramStructure.latticeDistances(side);
    double[] c = new double[fields * s.lags()];
    for (int i = 0; i < c.length; i++) {
      c[i] = StrictMath.exp(-distance[i % s.lags()] / (0.1 + 0.01 * (i / s.lags())));
    }
    Trace t = new Trace("density");
    Var table = t.data("x0", Type.f64(fields, s.lags()));
    Var z = t.data("x1", Type.f64(fields, s.order()));
    t.output("y", t.one(new GaussianLogDensity(s, false), table, z));
    OpCase.run(device, t.program(), List.of(c, new Values("fields").normal(fields * s.order())));
  }

  private static void op(GpuDevice device, String name) {
    for (DType f : List.of(DType.FLOAT32, DType.FLOAT64)) {
      List<OpCase> all =
          OpCases.of(f).stream()
              .filter(c -> c.op().name().startsWith(name))
              .filter(c -> KernelNotes.shipped(c.program()))
              .sorted(Comparator.comparingLong(KernelCounts::size).reversed())
              .toList();
      Set<String> seen = new TreeSet<>();
      for (OpCase c : all) {
        if (seen.add(c.op().name())) {
          OpCase.run(device, c.program(), c.values());
        }
      }
    }
  }

  private static long size(OpCase c) {
    return c.types().stream().mapToLong(Type::size).sum();
  }

  private static void run(GpuDevice device, Op op, List<Type> types) {
    List<double[]> values =
        types.stream().map(t -> new Values(t.toString()).normal(t.size())).toList();
    List<Integer> all = java.util.stream.IntStream.range(0, types.size()).boxed().toList();
    OpCase c = new OpCase("counted", op, types, values, all);
    OpCase.run(device, c.program(), values);
    OpCase.run(device, c.gradient(), values);
  }

  private static void run(GpuDevice device, Program p) {
    List<double[]> values =
        p.inputs().values().stream()
            .map(n -> new Values(n.toString()).normal(n.types().getFirst().size()))
            .toList();
    OpCase.run(device, p, values);
  }
}
