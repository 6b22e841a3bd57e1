package org.amortis.engine.device.cpu;

import org.amortis.engine.shape.Type;

/// Where a launch finds one operand: a buffer, which attaching may exchange, and an offset into it.
final class Ref {
  final Type type;
  private final int offset;
  private CpuBuffer buffer;

  Ref(Type type, CpuBuffer buffer, int offset) {
    this.type = type;
    this.buffer = buffer;
    this.offset = offset;
  }

  void point(CpuBuffer other) {
    buffer = other;
  }

  float[] f32() {
    return buffer.f;
  }

  double[] f64() {
    return buffer.d;
  }

  int[] i() {
    return buffer.i;
  }

  /// The array, whatever its element type.
  Object array() {
    return buffer.f != null ? buffer.f : buffer.d != null ? buffer.d : buffer.i;
  }

  /// Index of the first element in the array.
  int at() {
    return buffer.offset + offset;
  }

  int size() {
    return type.size();
  }
}
