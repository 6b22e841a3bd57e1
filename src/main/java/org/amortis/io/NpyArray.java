package org.amortis.io;

import java.util.Arrays;
import org.amortis.engine.Failure;

/// An immutable array of numbers with a shape, row-major, as array files hold it.
///
/// Half-precision types are held as `float`, integers and booleans as `long` (unsigned 64-bit
/// values keep their bits). Holds at most 2^31 - 9 elements.
public final class NpyArray {
  static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;
  static final int MAX_RANK = 64;

  private final ElementType type;
  private final int[] shape;
  private final Object values; // float[], double[] or long[]

  private NpyArray(ElementType type, int[] shape, Object values) {
    this.type = type;
    this.shape = shape;
    this.values = values;
  }

  /// A float32 array; no shape means a single number.
  ///
  /// @throws IllegalArgumentException when the shape does not hold as many elements
  public static NpyArray of(float[] values, int... shape) {
    return checked(ElementType.FLOAT32, shape, values.length, values.clone());
  }

  /// A float64 array; no shape means a single number.
  ///
  /// @throws IllegalArgumentException when the shape does not hold as many elements
  public static NpyArray of(double[] values, int... shape) {
    return checked(ElementType.FLOAT64, shape, values.length, values.clone());
  }

  /// An int32 array; no shape means a single number.
  ///
  /// @throws IllegalArgumentException when the shape does not hold as many elements
  public static NpyArray of(int[] values, int... shape) {
    return checked(
        ElementType.INT32, shape, values.length, Arrays.stream(values).asLongStream().toArray());
  }

  /// An int64 array; no shape means a single number.
  ///
  /// @throws IllegalArgumentException when the shape does not hold as many elements
  public static NpyArray of(long[] values, int... shape) {
    return checked(ElementType.INT64, shape, values.length, values.clone());
  }

  private static NpyArray checked(ElementType type, int[] shape, int length, Object values) {
    long count = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("negative size in shape " + text(shape));
      }
      count = Math.multiplyExact(count, (long) size);
    }
    if (count != length || shape.length > MAX_RANK) {
      throw new IllegalArgumentException(
          "shape " + text(shape) + " holds " + count + " elements, found " + length);
    }
    return new NpyArray(type, shape.clone(), values);
  }

  /// Takes over arrays made by a reader of this package, which has checked them.
  static NpyArray trusted(ElementType type, int[] shape, Object values) {
    return new NpyArray(type, shape, values);
  }

  /// Room for that many elements; a heap too small for it is a data fault with advice.
  static Object allocate(ElementType type, int count, String place) {
    try {
      return switch (type) {
        case FLOAT16, BFLOAT16, FLOAT32 -> new float[count];
        case FLOAT64 -> new double[count];
        case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> new long[count];
      };
    } catch (OutOfMemoryError tooSmall) {
      throw Failure.data(place + ": " + count + " elements do not fit into memory")
          .advise("give the Java machine more heap (-Xmx) or split the file")
          .causedBy(tooSmall);
    }
  }

  /// The kind of number in the file.
  public ElementType type() {
    return type;
  }

  /// The number of axes; 0 for a single number.
  public int rank() {
    return shape.length;
  }

  /// A copy of the shape.
  public int[] shape() {
    return shape.clone();
  }

  /// The number of elements.
  public int size() {
    return switch (values) {
      case float[] f -> f.length;
      case double[] d -> d.length;
      default -> ((long[]) values).length;
    };
  }

  /// The element at a row-major position, as a double.
  public double value(int position) {
    return switch (values) {
      case float[] f -> f[position];
      case double[] d -> d[position];
      default -> asDouble(((long[]) values)[position]);
    };
  }

  /// All elements in row-major order as doubles, in a new array.
  public double[] toDoubles() {
    if (values instanceof double[] d) {
      return d.clone();
    }
    double[] out = new double[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = value(i);
    }
    return out;
  }

  /// All elements in row-major order, rounded to floats, in a new array.
  public float[] toFloats() {
    if (values instanceof float[] f) {
      return f.clone();
    }
    float[] out = new float[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          values instanceof long[] whole && !unsignedOverflow(whole[i])
              ? whole[i]
              : (float) value(i);
    }
    return out;
  }

  /// All elements in row-major order, in a new array.
  ///
  /// @throws IllegalStateException if the elements are floating-point numbers
  public long[] toLongs() {
    if (values instanceof long[] whole) {
      return whole.clone();
    }
    throw new IllegalStateException("array of " + type + " asked for as whole numbers");
  }

  /// The row-major position of the first NaN or infinity, or -1 if all elements are finite.
  public int firstNonFinite() {
    switch (values) {
      case float[] f -> {
        for (int i = 0; i < f.length; i++) {
          if (!Float.isFinite(f[i])) {
            return i;
          }
        }
      }
      case double[] d -> {
        for (int i = 0; i < d.length; i++) {
          if (!Double.isFinite(d[i])) {
            return i;
          }
        }
      }
      default -> {} // whole numbers
    }
    return -1;
  }

  Object values() {
    return values;
  }

  private boolean unsignedOverflow(long bits) {
    return type == ElementType.UINT64 && bits < 0;
  }

  private double asDouble(long bits) {
    // Halving with the lost bit kept sticky rounds as the full value would.
    return unsignedOverflow(bits) ? 2.0 * (double) ((bits >>> 1) | (bits & 1)) : (double) bits;
  }

  /// Whether type, shape and every element agree; any NaN equals any NaN, 0.0 differs from -0.0.
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof NpyArray that)
        || type != that.type
        || !Arrays.equals(shape, that.shape)) {
      return false;
    }
    return switch (values) {
      case float[] f -> Arrays.equals(f, (float[]) that.values);
      case double[] d -> Arrays.equals(d, (double[]) that.values);
      default -> Arrays.equals((long[]) values, (long[]) that.values);
    };
  }

  @Override
  public int hashCode() {
    int content =
        switch (values) {
          case float[] f -> Arrays.hashCode(f);
          case double[] d -> Arrays.hashCode(d);
          default -> Arrays.hashCode((long[]) values);
        };
    return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + content;
  }

  /// For example `FLOAT32 (100, 16, 16)`.
  @Override
  public String toString() {
    return type + " " + text(shape);
  }

  /// A shape as NumPy prints it: `()`, `(3,)`, `(3, 4)`.
  static String text(int[] shape) {
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < shape.length; i++) {
      out.append(i == 0 ? "" : ", ").append(shape[i]);
    }
    return out.append(shape.length == 1 ? ",)" : ")").toString();
  }
}
