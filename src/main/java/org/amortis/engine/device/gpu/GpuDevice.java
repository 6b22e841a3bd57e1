package org.amortis.engine.device.gpu;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Simplify;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// A device behind a [Driver]; what CUDA and OpenCL have in common.
///
/// Owns everything that was made for it: [#close] releases executables first, then memory, then the
/// driver. Memory of buffers that nobody holds any more is released when the next one is asked for.
public final class GpuDevice implements Device {
  private final Driver driver;
  private final Set<GpuExecutable> open = new LinkedHashSet<>();
  private final Map<Reference<?>, Memory> loose = new HashMap<>();
  private final ReferenceQueue<Buffer> dropped = new ReferenceQueue<>();
  private boolean closed;

  /// Takes over the driver.
  public GpuDevice(Driver driver) {
    this.driver = driver;
  }

  @Override
  public String name() {
    return driver.name();
  }

  @Override
  public String describe() {
    return driver.describe();
  }

  private void check() {
    if (closed) {
      throw new IllegalStateException("device " + name() + " is closed");
    }
  }

  private void requireFloat64(DType type, String what) {
    if (type == DType.FLOAT64 && !driver.float64()) {
      throw Failure.unavailable(
              "device " + name() + " has no float64 arithmetic, which " + what + " needs")
          .advise("use --device cpu; programs in float32 run on " + name());
    }
  }

  @Override
  public synchronized Buffer allocate(Type type) {
    check();
    requireFloat64(type.dtype(), "a buffer of " + type);
    releaseDropped();
    long bytes = StrictMath.max(4, (long) type.size() * type.dtype().bytes());
    Memory memory = room(bytes);
    GpuBuffer buffer = new GpuBuffer(driver, type, memory, 0);
    loose.put(new WeakReference<>(buffer, dropped), memory);
    try {
      driver.fill(memory, 0, bytes, 0);
      return buffer;
    } catch (RuntimeException e) {
      loose.values().remove(memory);
      memory.close();
      throw e;
    }
  }

  /// Memory; where there is none, the collector may first give back what nobody holds.
  Memory room(long bytes) {
    try {
      return driver.allocate(bytes);
    } catch (Failure e) {
      if (!e.shortOfMemory()) {
        throw e;
      }
      System.gc();
      releaseDropped();
      return driver.allocate(bytes);
    }
  }

  private void releaseDropped() {
    for (Reference<?> r = dropped.poll(); r != null; r = dropped.poll()) {
      Memory m = loose.remove(r);
      if (m != null) {
        m.close();
      }
    }
  }

  @Override
  public synchronized Executable bind(Program program) {
    check();
    for (Program.Node n : program.nodes()) {
      for (Type t : n.types()) {
        requireFloat64(t.dtype(), "program " + program.name() + " at " + n.site());
      }
    }
    releaseDropped();
    boolean reuse = Boolean.parseBoolean(System.getProperty("amortis.plan", "true"));
    GpuExecutable e = new GpuExecutable(Simplify.of(program), this, driver, reuse);
    open.add(e);
    return e;
  }

  /// Waits before memory is given back; a device that is lost has nothing to wait for.
  void settle() {
    try {
      driver.finish();
    } catch (Failure lost) {
      return;
    }
  }

  synchronized void forget(GpuExecutable e) {
    open.remove(e);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    settle();
    List.copyOf(open).forEach(GpuExecutable::close);
    new HashSet<>(loose.values()).forEach(Memory::close);
    loose.clear();
    driver.close();
  }
}
