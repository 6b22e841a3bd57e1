package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.amortis.engine.device.cpu.scalar.ScalarPointwise32;
import org.amortis.engine.device.cpu.scalar.ScalarPointwise64;
import org.amortis.engine.device.cpu.scalar.ScalarReductions32;
import org.amortis.engine.device.cpu.scalar.ScalarReductions64;
import org.amortis.engine.device.cpu.vector.VectorPointwise32;
import org.amortis.engine.device.cpu.vector.VectorPointwise64;
import org.amortis.engine.device.cpu.vector.VectorReductions32;
import org.amortis.engine.device.cpu.vector.VectorReductions64;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every method of the kernel interfaces, found by reflection, gives the same bits in its vector
/// and its scalar form.
class SameBitsTest {
  private static final int[] SIZES = {0, 1, 13, 16, 207, 1021};
  private static final int GUARD = 3;
  private static final int ROWS = 5;

  /// One kernel method with its two implementations.
  record Kernel(Method method, Object scalar, Object vector) {
    /// True for kernels on a matrix of ROWS by n.
    boolean isMatrix() {
      return method.getName().startsWith("row") || method.getName().startsWith("column");
    }

    /// Elements of each array that belong to the call.
    int extent(int n, boolean output) {
      if (!isMatrix()) {
        return n;
      }
      boolean whole = !output || method.getName().equals("rowSoftmax");
      return whole ? ROWS * n : method.getName().startsWith("row") ? ROWS : n;
    }

    boolean isDouble() {
      return method.getDeclaringClass().getSimpleName().endsWith("64");
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(method.getDeclaringClass().getSimpleName());
      text.append('.').append(method.getName());
      for (Class<?> type : method.getParameterTypes()) {
        text.append(type.isArray() ? "[" : type == int.class ? "i" : "s");
      }
      return text.toString();
    }
  }

  static Stream<Kernel> kernels() {
    List<Kernel> kernels = new ArrayList<>();
    collect(kernels, PointwiseKernels32.class, new ScalarPointwise32(), new VectorPointwise32());
    collect(kernels, PointwiseKernels64.class, new ScalarPointwise64(), new VectorPointwise64());
    collect(kernels, ReductionKernels32.class, new ScalarReductions32(), new VectorReductions32());
    collect(kernels, ReductionKernels64.class, new ScalarReductions64(), new VectorReductions64());
    return kernels.stream();
  }

  private static void collect(List<Kernel> kernels, Class<?> type, Object scalar, Object vector) {
    Arrays.stream(type.getMethods())
        .filter(method -> !method.isDefault())
        .sorted(Comparator.comparing(Method::toString))
        .forEach(method -> kernels.add(new Kernel(method, scalar, vector)));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void scalarAndVectorAgree(Kernel kernel) throws ReflectiveOperationException {
    for (int n : SIZES) {
      for (int scalar = 0; scalar < 3; scalar++) {
        Object[] a = arguments(kernel, n, scalar);
        Object[] b = arguments(kernel, n, scalar);
        Object first = kernel.method.invoke(kernel.scalar, a);
        Object second = kernel.method.invoke(kernel.vector, b);
        assertThat(bits(second)).as("result, n = %d", n).isEqualTo(bits(first));
        assertSame(a, b, n);
        assertGuards(kernel, a, arguments(kernel, n, scalar), n);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void compilationChangesNothing(Kernel kernel) throws ReflectiveOperationException {
    int n = 77;
    Object[] before = arguments(kernel, n, 1);
    Object resultBefore = kernel.method.invoke(kernel.vector, before);
    Object[] work = arguments(kernel, n, 2);
    for (int call = 0; call < 20_000; call++) {
      kernel.method.invoke(kernel.vector, work);
    }
    Object[] after = arguments(kernel, n, 1);
    Object resultAfter = kernel.method.invoke(kernel.vector, after);
    assertThat(bits(resultAfter)).isEqualTo(bits(resultBefore));
    assertSame(before, after, n);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void worksInPlace(Kernel kernel) throws ReflectiveOperationException {
    Class<?>[] types = kernel.method.getParameterTypes();
    int last = types.length - (kernel.isMatrix() ? 4 : 3);
    boolean one = kernel.method.getReturnType() == void.class && types[0].isArray() && last > 0;
    if (!one
        || kernel.method.getName().equals("adam")
        || kernel.extent(9, true) < kernel.extent(9, false)) {
      return;
    }
    Object[] apart = arguments(kernel, 207, 1);
    Object[] shared = arguments(kernel, 207, 1);
    shared[last] = shared[0];
    shared[last + 1] = shared[1];
    kernel.method.invoke(kernel.vector, apart);
    kernel.method.invoke(kernel.vector, shared);
    int offset = (int) apart[last + 1];
    int sharedOffset = (int) shared[last + 1];
    for (int i = 0; i < 207; i++) {
      assertThat(bits(Array.get(shared[last], sharedOffset + i)))
          .isEqualTo(bits(Array.get(apart[last], offset + i)));
    }
  }

  /// Arguments for one call: arrays of odd offsets, scalars, and n last.
  static Object[] arguments(Kernel kernel, int n, int variant) {
    boolean isDouble = kernel.isDouble();
    Class<?>[] types = kernel.method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    int arrays = 0;
    for (int i = 0; i < types.length; i++) {
      if (types[i].isArray()) {
        arrays++;
        arguments[i] =
            values(isDouble, kernel.extent(n, arrays > 1) + arrays + GUARD, 10 * variant + arrays);
      } else if (types[i] == int.class) {
        arguments[i] = i == types.length - 1 ? n : types[i - 1] == int.class ? ROWS : arrays;
      } else if (types[i] == AdamStep32.class) {
        arguments[i] = new AdamStep32(1e-3f, 0.9f, 0.999f, 1e-8f, 0.19f, 0.002f, 0.7f, 0.01f);
      } else if (types[i] == AdamStep64.class) {
        arguments[i] = new AdamStep64(1e-3, 0.9, 0.999, 1e-8, 0.19, 0.002, 0.7, 0.01);
      } else {
        double scalar = new double[] {0.3, -1.7, 0.0}[variant];
        if (isDouble) {
          arguments[i] = scalar;
        } else {
          arguments[i] = (float) scalar;
        }
      }
    }
    return arguments;
  }

  /// Special values among normals of scale 1, uniforms, and numbers of all exponents.
  static Object values(boolean isDouble, int size, int stream) {
    RandomKey key = new RandomKey(1, stream);
    double[] special = {
      0,
      -0.0,
      1,
      -1,
      Double.NaN,
      1 / 0.0,
      -1 / 0.0,
      1e-40,
      -1e-40,
      1e-310,
      1.4e-45,
      88.7,
      -103.9,
      709.7,
      -745,
      3e38,
      -3e38,
      1e308,
      0.5,
      0.9999999,
      1e-30,
      -37.5,
      14.1,
      8388609,
      -0.25
    };
    Object array = Array.newInstance(isDouble ? double.class : float.class, size);
    for (int i = 0; i < size; i++) {
      // Streams below 10 are tame, so that sums stay finite and their order shows.
      int choice = stream < 10 ? 7 : Streams.bounded(key, 0, i, 8);
      double value =
          switch (choice) {
            case 0 -> special[Streams.bounded(key, 1, i, special.length)];
            case 1, 2 -> Streams.uniform64(key, 2, i);
            case 3 ->
                Math.scalb(
                    Streams.normal64(key, 3, i),
                    Streams.bounded(key, 4, i, isDouble ? 2100 : 280) - (isDouble ? 1060 : 145));
            case 4 -> 30 * Streams.normal64(key, 5, i);
            default -> Streams.normal64(key, 6, i);
          };
      if (isDouble) {
        Array.setDouble(array, i, value);
      } else {
        Array.setFloat(array, i, (float) value);
      }
    }
    return array;
  }

  private static Object bits(Object value) {
    return switch (value) {
      case null -> "void";
      case Float f -> Float.floatToIntBits(f);
      case Double d -> Double.doubleToLongBits(d);
      default -> value;
    };
  }

  private static void assertSame(Object[] a, Object[] b, int n) {
    for (int i = 0; i < a.length; i++) {
      if (a[i] instanceof float[] x) {
        assertThat(Arrays.equals(x, (float[]) b[i])).as("argument %d, n = %d", i, n).isTrue();
      } else if (a[i] instanceof double[] x) {
        assertThat(Arrays.equals(x, (double[]) b[i])).as("argument %d, n = %d", i, n).isTrue();
      }
    }
  }

  private static void assertGuards(Kernel kernel, Object[] after, Object[] before, int n) {
    for (int i = 0; i < after.length; i++) {
      if (!after[i].getClass().isArray()) {
        continue;
      }
      int offset = (int) after[i + 1];
      int extent = kernel.extent(n, i > 0);
      for (int j = 0; j < Array.getLength(after[i]); j++) {
        if (j < offset || j >= offset + extent) {
          assertThat(bits(Array.get(after[i], j)))
              .as("%s writes outside its range", kernel)
              .isEqualTo(bits(Array.get(before[i], j)));
        }
      }
    }
  }
}
