package org.amortis.inference;

import org.amortis.engine.shape.Shape;

/// Data sets Z that parameters are inferred from: n arrays of one shape, float32.
///
/// The shape is that of the largest data set; NaN stands for what is absent: missing pixels,
/// replicates or sites that a data set has fewer of. Networks that know of gaps see
/// [Missing][org.amortis.nn.layer.Missing]; others, and exact likelihoods, give NaN.
///
/// @param sample shape of one data set, for images `(H, W, C)`
/// @param values n data sets one after the other, not modified
public record Observations(Shape sample, float[] values) {
  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException when the values are no whole number of data sets
  public Observations {
    if (sample.size() == 0 || values.length % sample.size() != 0) {
      throw new IllegalArgumentException(
          values.length + " values are no whole number of data sets of " + sample);
    }
  }

  /// Number of data sets.
  public int count() {
    return values.length / sample.size();
  }

  /// Data sets `[from, to)`, copied.
  public Observations rows(int from, int to) {
    int n = sample.size();
    return new Observations(sample, java.util.Arrays.copyOfRange(values, from * n, to * n));
  }
}
