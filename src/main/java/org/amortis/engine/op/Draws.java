package org.amortis.engine.op;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.shape.DType;

/// One random draw in the precision of its element type.
final class Draws {
  private Draws() {}

  static double uniform(DType dtype, long seed, int stream, int step, int item) {
    RandomKey key = new RandomKey(seed, stream);
    return dtype == DType.FLOAT32
        ? Streams.uniform32(key, step, item)
        : Streams.uniform64(key, step, item);
  }

  static double normal(DType dtype, long seed, int stream, int step, int item) {
    RandomKey key = new RandomKey(seed, stream);
    return dtype == DType.FLOAT32
        ? Streams.normal32(key, step, item)
        : Streams.normal64(key, step, item);
  }
}
