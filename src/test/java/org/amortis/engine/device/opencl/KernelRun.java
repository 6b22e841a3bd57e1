package org.amortis.engine.device.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.gpu.Argument;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.amortis.engine.shape.DType;

/// One launch of a kernel on arrays of the host; the memory is released with it.
final class KernelRun implements AutoCloseable {
  private final Driver driver;
  private final Kernel kernel;
  private final List<Object> arguments = new ArrayList<>();
  private final List<Memory> memory = new ArrayList<>();

  KernelRun(Driver driver, Kernel kernel) {
    this.driver = driver;
    this.kernel = kernel;
  }

  private KernelRun add(ByteBuffer host) {
    Memory m = driver.allocate(host.remaining());
    memory.add(m);
    driver.write(m, 0, host);
    arguments.add(new Argument.Buffer(m, 0));
    return this;
  }

  private static ByteBuffer bytes(int n) {
    return ByteBuffer.allocateDirect(n).order(ByteOrder.nativeOrder());
  }

  /// A buffer of integers.
  KernelRun with(int... values) {
    ByteBuffer b = bytes(4 * values.length);
    b.asIntBuffer().put(values);
    return add(b);
  }

  /// A buffer of reals in the kernel's type.
  KernelRun with(double... values) {
    ByteBuffer b = bytes(kernel.real().bytes() * values.length);
    for (double v : values) {
      if (kernel.real() == DType.FLOAT32) {
        b.putFloat((float) v);
      } else {
        b.putDouble(v);
      }
    }
    return add(b.flip());
  }

  /// A scalar, `Integer` or `Double`.
  KernelRun scalar(Object value) {
    arguments.add(value);
    return this;
  }

  KernelRun launch(Grid grid) {
    try (Prepared launch = driver.prepare(kernel, grid, arguments.toArray())) {
      launch.enqueue();
      driver.finish();
    }
    return this;
  }

  private ByteBuffer read(int buffer) {
    ByteBuffer b = bytes((int) memory.get(buffer).bytes());
    driver.read(memory.get(buffer), 0, b);
    return b.rewind();
  }

  int[] integers(int buffer) {
    ByteBuffer b = read(buffer);
    int[] v = new int[b.remaining() / 4];
    b.asIntBuffer().get(v);
    return v;
  }

  double[] reals(int buffer) {
    ByteBuffer b = read(buffer);
    double[] v = new double[b.remaining() / kernel.real().bytes()];
    for (int i = 0; i < v.length; i++) {
      v[i] = kernel.real() == DType.FLOAT32 ? b.getFloat() : b.getDouble();
    }
    return v;
  }

  @Override
  public void close() {
    memory.forEach(Memory::close);
  }
}
