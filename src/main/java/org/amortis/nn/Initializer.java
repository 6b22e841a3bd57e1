package org.amortis.nn;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.shape.Shape;

/// First values of a parameter tensor.
///
/// For weights `(..., fan in, fan out)` with receptive field r (product of the leading axes), the
/// variance rules use `fanIn = r * in` and `fanOut = r * out`. Draws are float64 functions of
/// (seed, stream, item).
public sealed interface Initializer {
  /// The values of a parameter, row-major.
  ///
  /// @param shape of the parameter
  /// @param key seed and stream of the draws
  double[] values(Shape shape, RandomKey key);

  /// Every element the same.
  record Constant(double value) implements Initializer {
    @Override
    public double[] values(Shape shape, RandomKey key) {
      double[] v = new double[shape.size()];
      java.util.Arrays.fill(v, value);
      return v;
    }
  }

  /// The given values, row-major; a parameter of another size throws `IllegalArgumentException`.
  record Values(double... values) implements Initializer {
    @Override
    public double[] values(Shape shape, RandomKey key) {
      if (values.length != shape.size()) {
        throw new IllegalArgumentException(values.length + " values for a parameter of " + shape);
      }
      return values.clone();
    }
  }

  /// Uniform on `(-limit, limit)` with `limit = gain sqrt(6 / (fanIn + fanOut))` (Glorot and Bengio
  /// 2010).
  record GlorotUniform(double gain) implements Initializer {
    @Override
    public double[] values(Shape shape, RandomKey key) {
      double limit = gain * StrictMath.sqrt(6.0 / (fanIn(shape) + fanOut(shape)));
      return uniform(shape, key, limit);
    }
  }

  /// Uniform on `(-limit, limit)` with `limit = gain / sqrt(fanIn)`; gain 1 is PyTorch's default
  /// for the weights of layers.
  record FanInUniform(double gain) implements Initializer {
    @Override
    public double[] values(Shape shape, RandomKey key) {
      return uniform(shape, key, gain / StrictMath.sqrt(fanIn(shape)));
    }
  }

  /// Uniform on `(-limit, limit)`.
  record Uniform(double limit) implements Initializer {
    @Override
    public double[] values(Shape shape, RandomKey key) {
      return uniform(shape, key, limit);
    }
  }

  /// Normal with variance `2 / fanIn` (He et al. 2015), for ReLU layers.
  record HeNormal() implements Initializer {
    @Override
    public double[] values(Shape shape, RandomKey key) {
      double sd = StrictMath.sqrt(2.0 / fanIn(shape));
      double[] v = new double[shape.size()];
      Streams.normalInto(key, 0, 0, v.length, v, 0);
      for (int i = 0; i < v.length; i++) {
        v[i] *= sd;
      }
      return v;
    }
  }

  /// Zeros.
  Initializer ZEROS = new Constant(0);

  /// Ones.
  Initializer ONES = new Constant(1);

  private static double[] uniform(Shape shape, RandomKey key, double limit) {
    double[] v = new double[shape.size()];
    Streams.uniformInto(key, 0, 0, v.length, v, 0);
    for (int i = 0; i < v.length; i++) {
      v[i] = limit * (2 * v[i] - 1);
    }
    return v;
  }

  private static int fanIn(Shape s) {
    return s.rank() < 2 ? s.size() : s.product(0, s.rank() - 1);
  }

  private static int fanOut(Shape s) {
    return s.rank() < 2 ? s.size() : s.product(0, s.rank() - 2) * s.dim(-1);
  }
}
