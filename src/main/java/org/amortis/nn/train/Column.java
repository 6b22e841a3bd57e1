package org.amortis.nn.train;

import java.util.Arrays;
import org.amortis.engine.shape.Shape;

/// One named column of a training set: a float32 array `(N, ...)`.
///
/// @param name by which objectives ask for it
/// @param sample shape of one sample
/// @param values N samples one after the other, not modified
public record Column(String name, Shape sample, float[] values) {
  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException when the values are no whole number of samples
  public Column {
    if (sample.size() == 0 || values.length % sample.size() != 0) {
      throw new IllegalArgumentException(
          "column "
              + name
              + ": "
              + values.length
              + " values are no whole number of samples of "
              + sample);
    }
  }

  /// Number of samples.
  public int count() {
    return values.length / sample.size();
  }

  /// Samples `[from, to)`, copied.
  public Column rows(int from, int to) {
    int n = sample.size();
    return new Column(name, sample, Arrays.copyOfRange(values, from * n, to * n));
  }
}
