package org.amortis.engine.op;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelVariants;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.amortis.engine.program.Program;

/// A driver that takes notes of the kernels it is asked for and computes nothing.
final class KernelNotes implements Driver {
  private final Set<String> launched = new TreeSet<>();

  /// All kernels so far.
  final Set<Kernel> kernels = new HashSet<>();

  /// Entry points that a case launches on a device with this driver.
  Set<String> of(GpuDevice device, OpCase c) {
    return of(device, c.program());
  }

  /// Entry points that a program launches.
  Set<String> of(GpuDevice device, Program p) {
    launched.clear();
    device.bind(p).close();
    return Set.copyOf(launched);
  }

  /// Whether all kernels of a program come with the library.
  static boolean shipped(Program p) {
    KernelNotes notes = new KernelNotes();
    try (GpuDevice device = new GpuDevice(notes)) {
      device.bind(p).close();
    }
    for (Kernel k : notes.kernels) {
      if (!KernelVariants.of(k.family()).contains(k)) {
        return false;
      }
    }
    return true;
  }

  private record Nothing(long bytes) implements Memory {
    @Override
    public void close() {}
  }

  @Override
  public String name() {
    return "notes";
  }

  @Override
  public String describe() {
    return "notes: takes notes";
  }

  @Override
  public boolean float64() {
    return true;
  }

  @Override
  public Memory allocate(long bytes) {
    return new Nothing(bytes);
  }

  @Override
  public void fill(Memory memory, long from, long bytes, int pattern) {}

  @Override
  public void write(Memory memory, long from, ByteBuffer host) {}

  @Override
  public void read(Memory memory, long from, ByteBuffer host) {}

  @Override
  public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    launched.add(kernel.entry());
    kernels.add(kernel);
    return new Prepared() {
      @Override
      public void set(int parameter, Memory memory, int at) {}

      @Override
      public void enqueue() {}

      @Override
      public void close() {}
    };
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}
}
