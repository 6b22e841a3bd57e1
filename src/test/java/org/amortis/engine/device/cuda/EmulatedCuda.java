package org.amortis.engine.device.cuda;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.amortis.engine.device.cuda.emulator.Memory.Allocation;
import org.amortis.engine.device.cuda.emulator.Memory.Part;
import org.amortis.engine.device.gpu.Access;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.amortis.engine.device.gpu.Recorded;

/// The `cuda` device over the emulator: all of it but the calls of the driver API.
///
/// Launches may touch only what they declare, which is what graphs rely on ([Access]). The pool
/// hands memory out again and rounds sizes up. What it hands out counts as never written here, and
/// what was not asked for as nobody's.
public final class EmulatedCuda implements Driver {
  private final CudaDriver driver;
  final EmulatedCalls calls;

  EmulatedCuda(int capability, EmulatedCalls calls) {
    this(capability, calls, null);
  }

  private EmulatedCuda(int capability, EmulatedCalls calls, String products) {
    this.calls = calls;
    CudaDevice device = new CudaDevice(0, "Emulated GPU", capability, 132, 80L << 30, 12040);
    this.driver = new CudaDriver(device, calls, false, ProductChoice.of(products));
  }

  /// A driver of a device of this compute capability.
  public static EmulatedCuda open(int capability) {
    return new EmulatedCuda(capability, new EmulatedCalls(capability));
  }

  /// A driver of a device of compute capability 9.0 on which this computes large products, as
  /// `AMORTIS_PRODUCTS` says it.
  public static EmulatedCuda open(String products) {
    return new EmulatedCuda(90, new EmulatedCalls(90), products);
  }

  /// A device of compute capability 9.0.
  public static GpuDevice device() {
    return new GpuDevice(open(90));
  }

  /// Whether kernels that are right for any number of groups along x get one, which goes through
  /// its loop as often as it must.
  public void few(boolean on) {
    calls.few = on;
  }

  /// Changes the text of modules that are loaded from now on.
  public void edit(UnaryOperator<String> edit) {
    calls.edit = edit;
  }

  /// Counts from now on what kernels execute.
  public EmulatedCounts count() {
    calls.counts = new EmulatedCounts();
    return calls.counts;
  }

  /// Entry points that ran so far.
  public java.util.Set<String> ran() {
    return java.util.Set.copyOf(calls.ran);
  }

  @Override
  public String name() {
    return driver.name();
  }

  @Override
  public String describe() {
    return driver.describe();
  }

  @Override
  public boolean branches() {
    return driver.branches();
  }

  @Override
  public boolean float64() {
    return driver.float64();
  }

  @Override
  public int units() {
    return driver.units();
  }

  @Override
  public int localMemory() {
    return driver.localMemory();
  }

  @Override
  public Memory allocate(long bytes) {
    CudaMemory m = (CudaMemory) driver.allocate(bytes);
    ((Allocation) m.address()).fresh(bytes);
    return m;
  }

  @Override
  public void fill(Memory memory, long from, long bytes, int pattern) {
    driver.fill(memory, from, bytes, pattern);
  }

  @Override
  public void write(Memory memory, long from, ByteBuffer host) {
    driver.write(memory, from, host);
  }

  @Override
  public void read(Memory memory, long from, ByteBuffer host) {
    driver.read(memory, from, host);
  }

  @Override
  public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    Registers.check(kernel, grid);
    return new Watched(calls, (GraphPart) driver.prepare(kernel, grid, arguments));
  }

  @Override
  public Recorded record(List<Prepared> launches, int times) {
    return driver.record(launches, times);
  }

  @Override
  public void finish() {
    driver.finish();
  }

  @Override
  public void close() {
    driver.close();
  }

  /// A launch that may touch only what it declares.
  private record Watched(EmulatedCalls calls, GraphPart launch) implements GraphPart {
    private void declare() {
      calls.declare(
          accesses().stream()
              .map(a ->
                  new Part(
                      (Allocation) ((CudaMemory) a.memory()).address(),
                      a.from(),
                      a.to(),
                      a.writes()))
              .toList(),
          toString());
    }

    @Override
    public List<Access> accesses() {
      return launch.accesses();
    }

    @Override
    public int add(Object graph, Object[] after, Object[] node) {
      declare();
      return launch.add(graph, after, node);
    }

    @Override
    public void set(int parameter, Memory memory, int at) {
      launch.set(parameter, memory, at);
    }

    @Override
    public void enqueue() {
      declare();
      launch.enqueue();
    }

    @Override
    public long nanos() {
      return launch.nanos();
    }

    @Override
    public void close() {
      launch.close();
    }

    @Override
    public String toString() {
      return launch.toString();
    }
  }
}
