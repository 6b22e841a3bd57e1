package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// The launches of a program in order, and the scratch and the tables they need.
final class LaunchList {
  /// One launch before its memory is known: arguments are [Place], `Integer` or `Double`.
  ///
  /// @param nodes what it computes, or has a part in; several when they are fused
  record Launch(Kernel kernel, Grid grid, List<Object> arguments, List<Program.Node> nodes) {}

  /// Memory that the launches of one node need for themselves.
  record Scratch(DType dtype, int elements) {}

  /// A constant array; `values` is a `double[]` or an `int[]`.
  record Table(DType dtype, Object values) {
    int size() {
      return values instanceof int[] i ? i.length : ((double[]) values).length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Table t
          && dtype == t.dtype
          && (values instanceof int[] i
              ? t.values instanceof int[] j && Arrays.equals(i, j)
              : t.values instanceof double[] d && Arrays.equals((double[]) values, d));
    }

    @Override
    public int hashCode() {
      return values instanceof int[] i ? Arrays.hashCode(i) : Arrays.hashCode((double[]) values);
    }
  }

  /// Launches `from` to `to - 1`, which do what so many runs of the others do.
  record Whole(int times, int from, int to) {}

  final List<Launch> launches = new ArrayList<>();

  /// Behind the launches of one run stand those of several; with the most first.
  final List<Whole> wholes = new ArrayList<>();

  final List<Scratch> scratch = new ArrayList<>();
  final List<Table> tables = new ArrayList<>();
  private final Map<Table, Place> known = new HashMap<>();

  /// Launches of one run.
  int single() {
    return wholes.isEmpty() ? launches.size() : wholes.getFirst().from;
  }

  Place scratch(DType dtype, int elements) {
    scratch.add(new Scratch(dtype, elements));
    return Place.scratch(dtype, scratch.size() - 1, elements);
  }

  Place table(Table t) {
    return known.computeIfAbsent(
        t,
        k -> {
          tables.add(k);
          return Place.table(k.dtype, tables.size() - 1, k.size());
        });
  }

  /// Adds a launch after comparing its arguments with the kernel's list.
  void add(Kernel kernel, Grid grid, Object[] arguments, List<Program.Node> nodes) {
    check(kernel, arguments);
    launches.add(new Launch(kernel, grid, List.of(arguments), List.copyOf(nodes)));
  }

  private static void check(Kernel kernel, Object[] arguments) {
    List<KernelSource.Parameter> expected =
        KernelSource.of(kernel.family()).parameters(kernel.entry());
    boolean fits = expected.size() == arguments.length;
    for (int i = 0; fits && i < arguments.length; i++) {
      fits = fits(expected.get(i), arguments[i], kernel.real());
    }
    if (!fits) {
      throw new IllegalStateException(
          kernel + " takes " + expected + ", not " + Arrays.toString(arguments));
    }
  }

  private static boolean fits(KernelSource.Parameter p, Object argument, DType real) {
    return switch (p.use()) {
      case SCALAR ->
          p.type().equals("int") ? argument instanceof Integer : argument instanceof Double;
      case IN, OUT ->
          argument instanceof Place place
              && switch (p.type()) {
                case "real" -> place.dtype() == real;
                case "int" -> place.dtype() == DType.INT32;
                case "float" -> place.dtype() == DType.FLOAT32;
                case "word" -> place.dtype().bytes() == real.bytes();
                default -> false;
              };
    };
  }
}
