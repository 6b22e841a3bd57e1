package org.amortis.nn.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.Unary;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Keeps a random number of replicates or sites, uniform on `least` to m: the first ones, which are
/// as good as any when they are exchangeable; the others become NaN.
///
/// @param column the data `(B, m, ...)`
/// @param least smallest number that is kept
public record RandomCount(String column, int least) implements Augmentation {
  /// Checks the number.
  ///
  /// @throws IllegalArgumentException when least is negative
  public RandomCount {
    if (least < 0) {
      throw new IllegalArgumentException("least must not be negative, found " + least);
    }
  }

  @Override
  public Map<String, Var> apply(Map<String, Var> batch, Var key) {
    Var z = batch.get(column);
    Trace t = z.trace();
    DType dtype = z.type().dtype();
    int b = z.dim(0);
    int m = z.dim(1);
    double[] index = new double[m];
    for (int j = 0; j < m; j++) {
      index[j] = j;
    }
    Var u = t.one(new Draw.Uniform(dtype, Shape.of(b, 1), STREAM + 3), key);
    Var count = t.one(Unary.FLOOR, u.mul(m - least + 1)).min(m - least).add(least);
    Var kept = t.table(new Type(dtype, Shape.of(1, m)), index).less(count).reshape(b, m, 1);
    Var rows = z.reshape(b, m, z.type().size() / (b * m));
    Map<String, Var> changed = new LinkedHashMap<>(batch);
    changed.put(column, t.reshape(kept.select(rows, t.scalar(Double.NaN, dtype)), z.shape()));
    return changed;
  }

  /// Hides replicates of a column on the host: validation and test sets are not augmented.
  ///
  /// @param data `(N, m, ...)`, not modified
  /// @param seed of the numbers
  public Column hide(Column data, long seed) {
    int m = data.sample().dim(0);
    int size = data.sample().size() / m;
    double[] u = new double[data.count()];
    Streams.uniformInto(new RandomKey(seed, STREAM + 3), 0, 0, u.length, u, 0);
    float[] gaps = data.values().clone();
    for (int i = 0; i < u.length; i++) {
      int count = least + (int) (u[i] * (m - least + 1));
      java.util.Arrays.fill(gaps, (i * m + count) * size, (i + 1) * m * size, Float.NaN);
    }
    return new Column(data.name(), data.sample(), gaps);
  }
}
