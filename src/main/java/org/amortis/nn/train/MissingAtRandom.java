package org.amortis.nn.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.Draw;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;

/// Hides elements of the data: each is replaced by NaN with the same probability, which is drawn
/// for each sample, uniform on `(low, high)`.
///
/// @param column the data `(B, ...)`
/// @param low least probability
/// @param high largest probability
public record MissingAtRandom(String column, double low, double high) implements Augmentation {
  /// Checks the probabilities.
  ///
  /// @throws IllegalArgumentException unless 0 <= low <= high <= 1
  public MissingAtRandom {
    if (!(0 <= low && low <= high && high <= 1)) {
      throw new IllegalArgumentException(
          "probabilities of a gap need 0 <= low <= high <= 1, found " + low + " and " + high);
    }
  }

  @Override
  public Map<String, Var> apply(Map<String, Var> batch, Var key) {
    Var z = batch.get(column);
    Trace t = z.trace();
    DType dtype = z.type().dtype();
    int b = z.dim(0);
    int n = z.type().size() / b;
    Var share = t.one(new Draw.Uniform(dtype, Shape.of(b, 1), STREAM + 1), key);
    Var each = t.one(new Draw.Uniform(dtype, Shape.of(b, n), STREAM + 2), key);
    Var hidden = each.less(share.mul(high - low).add(low));
    Var gaps = hidden.select(t.scalar(Double.NaN, dtype), z.reshape(b, n));
    Map<String, Var> changed = new LinkedHashMap<>(batch);
    changed.put(column, t.reshape(gaps, z.shape()));
    return changed;
  }

  /// Hides elements of a column on the host: validation and test sets are not augmented.
  ///
  /// @param data not modified
  /// @param seed of the gaps
  public Column hide(Column data, long seed) {
    int n = data.sample().size();
    double[] share = new double[data.count()];
    double[] each = new double[data.values().length];
    Streams.uniformInto(new RandomKey(seed, STREAM + 1), 0, 0, share.length, share, 0);
    Streams.uniformInto(new RandomKey(seed, STREAM + 2), 0, 0, each.length, each, 0);
    float[] gaps = data.values().clone();
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = each[i] < low + (high - low) * share[i / n] ? Float.NaN : gaps[i];
    }
    return new Column(data.name(), data.sample(), gaps);
  }
}
