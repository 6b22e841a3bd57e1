package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;

/// What the Vector API found on this processor.
public final class VectorUnit {
  private VectorUnit() {}

  /// The width of a vector in bits.
  public static int bits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }
}
