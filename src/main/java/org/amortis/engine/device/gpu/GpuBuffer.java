package org.amortis.engine.device.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// A tensor in a device's memory; reads wait for everything enqueued before.
final class GpuBuffer implements Buffer {
  /// Elements that pass through host memory at a time.
  private static final int CHUNK = 1 << 18;

  private final Driver driver;
  private final Type type;
  final Memory memory;
  final int at;

  /// @param at elements after the start of the memory
  GpuBuffer(Driver driver, Type type, Memory memory, int at) {
    this.driver = driver;
    this.type = type;
    this.memory = memory;
    this.at = at;
  }

  @Override
  public Type type() {
    return type;
  }

  Driver driver() {
    return driver;
  }

  private interface Element {
    void at(ByteBuffer bytes, int index);
  }

  private void require(int available) {
    if (available < type.size()) {
      throw new IllegalArgumentException(
          type + " needs " + type.size() + " elements, the array offers " + available);
    }
  }

  private void each(boolean write, Element element) {
    int n = type.size();
    int width = type.dtype().bytes();
    int chunk = StrictMath.min(CHUNK, StrictMath.max(n, 1));
    ByteBuffer bytes = ByteBuffer.allocateDirect(chunk * width).order(ByteOrder.nativeOrder());
    for (int from = 0; from < n; from += chunk) {
      int to = StrictMath.min(n, from + chunk);
      bytes.clear();
      if (write) {
        for (int k = from; k < to; k++) {
          element.at(bytes, k);
        }
        bytes.flip();
        driver.write(memory, (long) (at + from) * width, bytes);
      } else {
        bytes.limit((to - from) * width);
        driver.read(memory, (long) (at + from) * width, bytes);
        bytes.rewind();
        for (int k = from; k < to; k++) {
          element.at(bytes, k);
        }
      }
    }
  }

  private static double next(ByteBuffer b, DType type) {
    return switch (type) {
      case FLOAT32 -> b.getFloat();
      case FLOAT64 -> b.getDouble();
      case INT32 -> b.getInt();
    };
  }

  private static void put(ByteBuffer b, DType type, double v) {
    switch (type) {
      case FLOAT32 -> b.putFloat((float) v);
      case FLOAT64 -> b.putDouble(v);
      case INT32 -> b.putInt((int) v);
    }
  }

  @Override
  public void write(float[] host, int from) {
    require(host.length - from);
    each(true, (b, k) -> put(b, type.dtype(), host[from + k]));
  }

  @Override
  public void write(double[] host, int from) {
    require(host.length - from);
    each(true, (b, k) -> put(b, type.dtype(), host[from + k]));
  }

  @Override
  public void write(int[] host, int from) {
    require(host.length - from);
    each(true, (b, k) -> put(b, type.dtype(), host[from + k]));
  }

  @Override
  public void read(float[] host, int to) {
    each(false, (b, k) -> host[to + k] = (float) next(b, type.dtype()));
  }

  @Override
  public void read(double[] host, int to) {
    each(false, (b, k) -> host[to + k] = next(b, type.dtype()));
  }

  @Override
  public void read(int[] host, int to) {
    each(false, (b, k) -> host[to + k] = (int) next(b, type.dtype()));
  }
}
