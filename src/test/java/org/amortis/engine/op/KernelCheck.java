package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.gpu.Argument;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// Runs small cases of every op on the OpenCL device of the process, for a checker that watches the
/// kernels: see `OclgrindTest`.
///
/// Arguments: most elements of a case, then most cases of an op and element type; `chains` for
/// whole runs of chains alone; or `planted`, for a kernel with a race and one that reads what
/// nobody wrote.
public final class KernelCheck {
  private KernelCheck() {}

  /// Runs the cases and prints how many of how many ops.
  public static void main(String[] arguments) {
    if (arguments[0].equals("planted")) {
      planted();
      return;
    }
    if (arguments[0].equals("chains")) {
      try (Device device = Devices.open("opencl", 1)) {
        chains(device, DType.FLOAT64);
      }
      System.out.println("chains done");
      return;
    }
    int elements = Integer.parseInt(arguments[0]);
    int cases = Integer.parseInt(arguments[1]);
    Set<String> ops = new TreeSet<>();
    int count = 0;
    try (Device device = Devices.open("opencl", 1)) {
      System.out.println(device.describe());
      for (DType f : List.of(DType.FLOAT32, DType.FLOAT64)) {
        Set<OpCase> chosen = new LinkedHashSet<>(smallest(f));
        for (List<OpCase> same : byOp(OpCases.of(f), elements)) {
          chosen.addAll(same.subList(0, Math.min(cases, same.size())));
        }
        for (OpCase c : chosen) {
          System.err.println("case " + c);
          run(device, c);
          ops.add(c.op().toString().replaceAll("\\[.*", ""));
          count++;
        }
        chains(device, f);
      }
    }
    System.out.println(count + " cases of " + ops.size() + " ops");
  }

  /// For each kernel the smallest case that launches it.
  private static List<OpCase> smallest(DType f) {
    List<OpCase> order = new ArrayList<>(OpCases.of(f));
    order.sort(Comparator.comparingLong(KernelCheck::size));
    KernelNotes notes = new KernelNotes();
    List<OpCase> chosen = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    try (GpuDevice device = new GpuDevice(notes)) {
      for (OpCase c : order) {
        if (seen.addAll(notes.of(device, c))) {
          chosen.add(c);
        }
      }
    }
    return chosen;
  }

  /// Runs a case and leaves its memory alone: Oclgrind 21.10 takes what it knows of memory that was
  /// given back for what it knows of the next.
  private static void run(Device device, OpCase c) {
    Executable e = device.bind(c.program());
    for (int i = 0; i < c.values().size(); i++) {
      if (e.program().inputs().containsKey("x" + i)) {
        e.input("x" + i).write(c.values().get(i), 0);
      }
    }
    e.run();
    e.program().outputs().keySet().forEach(k -> e.output(k).doubles());
  }

  /// Runs of four steps at once and of one.
  private static void chains(Device device, DType f) {
    for (ChainPrograms.Case c : ChainPrograms.of(f)) {
      System.err.println("chains " + c.label());
      Executable e = device.bind(c.program());
      c.write(e);
      e.run(6);
      c.state(e);
    }
  }

  private static void planted() {
    try (Driver driver = OpenCl.open(-1);
        Memory memory = driver.allocate(4 * 64)) {
      for (String entry : List.of("planted_race", "planted_unwritten")) {
        Object[] arguments = {new Argument.Buffer(memory, 0)};
        Kernel kernel = Kernel.of(entry, DType.FLOAT32);
        try (Prepared p = driver.prepare(kernel, Grid.groups(1, 1, 1).of(8, 1, 1), arguments)) {
          p.enqueue();
          driver.finish();
        }
      }
    }
    System.out.println("2 planted");
  }

  private static List<List<OpCase>> byOp(List<OpCase> all, int elements) {
    Stream<String> names = all.stream().map(c -> c.op().name()).distinct();
    return names
        .map(n ->
            all.stream()
                .filter(c -> c.op().name().equals(n) && size(c) > 1 && size(c) <= elements)
                .sorted(Comparator.comparingLong(KernelCheck::size).reversed())
                .toList())
        .toList();
  }

  private static long size(OpCase c) {
    return c.types().stream().mapToLong(Type::size).sum();
  }
}
