package org.amortis.engine.device.cpu;

import org.amortis.engine.device.Buffer;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// A tensor in a Java array, possibly one of many in it.
final class CpuBuffer implements Buffer {
  private final Type type;
  final float[] f;
  final double[] d;
  final int[] i;
  final int offset;

  /// A tensor in an array of its own.
  CpuBuffer(Type type) {
    this(
        type,
        type.dtype() == DType.FLOAT32 ? new float[type.size()] : null,
        type.dtype() == DType.FLOAT64 ? new double[type.size()] : null,
        type.dtype() == DType.INT32 ? new int[type.size()] : null,
        0);
  }

  CpuBuffer(Type type, float[] f, double[] d, int[] i, int offset) {
    this.type = type;
    this.f = f;
    this.d = d;
    this.i = i;
    this.offset = offset;
  }

  /// The same memory as a tensor of another type.
  CpuBuffer as(Type other) {
    return new CpuBuffer(other, f, d, i, offset);
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
    int n = type.size();
    switch (type.dtype()) {
      case FLOAT32 -> System.arraycopy(host, from, f, offset, n);
      case FLOAT64 -> {
        for (int k = 0; k < n; k++) {
          d[offset + k] = host[from + k];
        }
      }
      case INT32 -> {
        for (int k = 0; k < n; k++) {
          i[offset + k] = (int) host[from + k];
        }
      }
    }
  }

  @Override
  public void write(double[] host, int from) {
    require(host.length - from);
    int n = type.size();
    switch (type.dtype()) {
      case FLOAT32 -> {
        for (int k = 0; k < n; k++) {
          f[offset + k] = (float) host[from + k];
        }
      }
      case FLOAT64 -> System.arraycopy(host, from, d, offset, n);
      case INT32 -> {
        for (int k = 0; k < n; k++) {
          i[offset + k] = (int) host[from + k];
        }
      }
    }
  }

  @Override
  public void write(int[] host, int from) {
    require(host.length - from);
    int n = type.size();
    switch (type.dtype()) {
      case FLOAT32 -> {
        for (int k = 0; k < n; k++) {
          f[offset + k] = host[from + k];
        }
      }
      case FLOAT64 -> {
        for (int k = 0; k < n; k++) {
          d[offset + k] = host[from + k];
        }
      }
      case INT32 -> System.arraycopy(host, from, i, offset, n);
    }
  }

  @Override
  public void read(float[] host, int to) {
    int n = type.size();
    switch (type.dtype()) {
      case FLOAT32 -> System.arraycopy(f, offset, host, to, n);
      case FLOAT64 -> {
        for (int k = 0; k < n; k++) {
          host[to + k] = (float) d[offset + k];
        }
      }
      case INT32 -> {
        for (int k = 0; k < n; k++) {
          host[to + k] = i[offset + k];
        }
      }
    }
  }

  @Override
  public void read(double[] host, int to) {
    int n = type.size();
    switch (type.dtype()) {
      case FLOAT32 -> {
        for (int k = 0; k < n; k++) {
          host[to + k] = f[offset + k];
        }
      }
      case FLOAT64 -> System.arraycopy(d, offset, host, to, n);
      case INT32 -> {
        for (int k = 0; k < n; k++) {
          host[to + k] = i[offset + k];
        }
      }
    }
  }

  @Override
  public void read(int[] host, int to) {
    int n = type.size();
    switch (type.dtype()) {
      case FLOAT32 -> {
        for (int k = 0; k < n; k++) {
          host[to + k] = (int) f[offset + k];
        }
      }
      case FLOAT64 -> {
        for (int k = 0; k < n; k++) {
          host[to + k] = (int) d[offset + k];
        }
      }
      case INT32 -> System.arraycopy(i, offset, host, to, n);
    }
  }
}
