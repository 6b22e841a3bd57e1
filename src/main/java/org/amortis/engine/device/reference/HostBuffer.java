package org.amortis.engine.device.reference;

import org.amortis.engine.device.Buffer;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// A tensor of the reference device: double values whatever the element type.
final class HostBuffer implements Buffer {
  private final Type type;
  double[] values;

  HostBuffer(Type type) {
    this.type = type;
    this.values = new double[type.size()];
  }

  @Override
  public Type type() {
    return type;
  }

  private void require(int available) {
    if (available < type.size()) {
      throw new IllegalArgumentException(
          type + " needs " + type.size() + " elements, the array offers " + available);
    }
  }

  @Override
  public void write(float[] host, int from) {
    require(host.length - from);
    for (int i = 0; i < values.length; i++) {
      values[i] = host[from + i];
    }
  }

  @Override
  public void write(double[] host, int from) {
    require(host.length - from);
    for (int i = 0; i < values.length; i++) {
      values[i] = type.dtype() == DType.FLOAT32 ? (float) host[from + i] : host[from + i];
    }
  }

  @Override
  public void write(int[] host, int from) {
    require(host.length - from);
    for (int i = 0; i < values.length; i++) {
      values[i] = host[from + i];
    }
  }

  @Override
  public void read(float[] host, int to) {
    for (int i = 0; i < values.length; i++) {
      host[to + i] = (float) values[i];
    }
  }

  @Override
  public void read(double[] host, int to) {
    System.arraycopy(values, 0, host, to, values.length);
  }

  @Override
  public void read(int[] host, int to) {
    for (int i = 0; i < values.length; i++) {
      host[to + i] = (int) values[i];
    }
  }
}
