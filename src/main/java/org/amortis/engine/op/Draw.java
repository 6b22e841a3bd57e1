package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Counter-based random draws: a pure function of (seed, stream, step, item).
///
/// The last operand is the key `i32(3,)`: low and high word of the seed, and the step. The stream
/// is an attribute, the item the element's row-major index, so draws do not depend on threads or
/// batch split.
public sealed interface Draw extends Op {
  /// Checks the key operand.
  private static void key(String op, Type key) {
    if (!key.equals(Type.i32(3))) {
      throw new ShapeException(
          op, "needs a key i32(3,) = (seed low, seed high, step), found " + key);
    }
  }

  /// Whether dropout sets an item to zero; the mask is drawn in float32 whatever the element type.
  static boolean dropped(long seed, int stream, int step, int item, double rate) {
    return Draws.uniform(DType.FLOAT32, seed, stream, step, item) < (float) rate;
  }

  /// The seed held in a key's first two words.
  static long seed(double[] key) {
    return ((long) (int) key[1] << 32) | ((long) (int) key[0] & 0xFFFFFFFFL);
  }

  /// Independent uniform draws in the open interval (0, 1).
  ///
  /// @param dtype FLOAT32 or FLOAT64
  /// @param shape of the result
  /// @param stream number of the stream
  record Uniform(DType dtype, Shape shape, int stream) implements Draw {
    @Override
    public String name() {
      return "uniform";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      key(name(), in.getFirst());
      return List.of(new Type(dtype, shape));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      double[] y = new double[shape.size()];
      long seed = seed(in.getFirst());
      int step = (int) in.getFirst()[2];
      for (int i = 0; i < y.length; i++) {
        y[i] = Draws.uniform(dtype, seed, stream, step, i);
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      return Arrays.asList((V) null);
    }
  }

  /// Independent standard normal draws, by inversion, see
  /// [Streams][org.amortis.engine.math.Streams].
  ///
  /// @param dtype FLOAT32 or FLOAT64
  /// @param shape of the result
  /// @param stream number of the stream
  record Normal(DType dtype, Shape shape, int stream) implements Draw {
    @Override
    public String name() {
      return "normal";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      key(name(), in.getFirst());
      return List.of(new Type(dtype, shape));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      double[] y = new double[shape.size()];
      long seed = seed(in.getFirst());
      int step = (int) in.getFirst()[2];
      for (int i = 0; i < y.length; i++) {
        y[i] = Draws.normal(dtype, seed, stream, step, i);
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      return Arrays.asList((V) null);
    }
  }

  /// Sets each element to zero with probability `rate` and divides the others by `1 - rate`;
  /// operands (x, key).
  ///
  /// @param rate probability of a zero, in [0, 1)
  /// @param stream number of the stream
  record Dropout(double rate, int stream) implements Draw {
    @Override
    public String name() {
      return "dropout";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      key(name(), in.get(1));
      if (!(rate >= 0 && rate < 1)) {
        throw new ShapeException(name(), "rate must lie in [0, 1), found " + rate);
      }
      if (!in.getFirst().dtype().isFloat()) {
        throw new ShapeException(name(), "needs a float operand, found " + in.getFirst());
      }
      return List.of(in.getFirst());
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      double[] y = in.getFirst().clone();
      long seed = seed(in.get(1));
      int step = (int) in.get(1)[2];
      for (int i = 0; i < y.length; i++) {
        y[i] = Draw.dropped(seed, stream, step, i, rate) ? 0 : y[i] / (1 - rate);
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      return Arrays.asList(g.one(this, dOut.getFirst(), in.get(1)), null);
    }
  }
}
