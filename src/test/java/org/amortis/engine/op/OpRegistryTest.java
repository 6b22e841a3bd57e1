package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Verify;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Laws that every op obeys, over the registry of [OpCases].
@Tag("op")
class OpRegistryTest {
  private static final Device REFERENCE = new ReferenceDevice();
  private static final List<Device> CPU =
      List.of(new CpuDevice(1), new CpuDevice(2), new CpuDevice(3));
  private static final List<OpCase> CASES =
      Stream.of(DType.FLOAT32, DType.FLOAT64).flatMap(f -> OpCases.of(f).stream()).toList();
  private static final List<OpCase> SMOOTH =
      OpCases.of(DType.FLOAT64).stream().filter(c -> !c.wrt().isEmpty()).toList();

  @AfterAll
  static void close() {
    CPU.forEach(Device::close);
  }

  static List<OpCase> cases() {
    return CASES;
  }

  static List<OpCase> smooth() {
    return SMOOTH;
  }

  /// Every record below `Op`, every constant of its enums.
  private static Set<Object> vocabulary() {
    Set<Object> all = new LinkedHashSet<>();
    visit(Op.class, all);
    return all;
  }

  private static void visit(Class<?> c, Set<Object> all) {
    if (c.isSealed() && !c.isEnum()) {
      Arrays.stream(c.getPermittedSubclasses()).forEach(s -> visit(s, all));
    } else if (c.isEnum()) {
      all.addAll(List.of(c.getEnumConstants()));
    } else if (c == Reduce.class) {
      all.addAll(List.of(Reduce.Kind.values()));
    } else {
      all.add(c);
    }
  }

  private static Object word(Op op) {
    return op instanceof Enum<?> e ? e : op instanceof Reduce r ? r.kind() : op.getClass();
  }

  @Test
  void everyOpHasACaseInEitherElementType() {
    for (DType f : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Set<Object> missing = vocabulary();
      OpCases.of(f).forEach(c -> missing.remove(word(c.op())));
      assertThat(missing).isEmpty();
    }
    assertThat(vocabulary()).hasSizeGreaterThan(55);
  }

  @Test
  void everyOpHasACheckedGradientOrNone() {
    Set<Object> checked = new LinkedHashSet<>();
    SMOOTH.forEach(c -> checked.add(word(c.op())));
    for (OpCase c : OpCases.of(DType.FLOAT64)) {
      if (!checked.contains(word(c.op())) && !(c.op() instanceof Source)) {
        assertThat(hasGradient(c)).as(c.toString()).isFalse();
      }
    }
  }

  private static boolean hasGradient(OpCase c) {
    try {
      Program p = new OpCase(c.label(), c.op(), c.types(), c.values(), List.of(0)).gradient();
      return Arrays.stream(OpCase.run(REFERENCE, p, c.values()).getLast()).anyMatch(v -> v != 0);
    } catch (UnsupportedOperationException e) {
      assertThat(e).hasMessageStartingWith("[");
      return false;
    } catch (IllegalArgumentException e) {
      return false; // whole numbers have no gradient
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void cpuMeetsTheOracleWithTheSameBytesOnAnyNumberOfThreads(OpCase c) {
    Program p = Verify.check(c.program());
    List<double[]> expected = OpCase.run(REFERENCE, p, c.values());
    List<double[]> one = OpCase.run(CPU.getFirst(), p, c.values());
    List<Program.Value> outputs = new ArrayList<>(p.outputs().values());
    for (int i = 0; i < one.size(); i++) {
      Tolerance.of(c.op())
          .check(c + " result " + i, p.type(outputs.get(i)), one.get(i), expected.get(i));
    }
    same(c, p, one);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kernelsWithoutTheVectorApiMeetTheOracle(OpCase c) {
    Program p = c.program();
    List<double[]> expected = OpCase.run(REFERENCE, p, c.values());
    List<Program.Value> outputs = new ArrayList<>(p.outputs().values());
    List<double[]> found;
    System.setProperty("amortis.vector", "false");
    try (Device plain = new CpuDevice(1)) {
      assertThat(plain.describe()).contains("plain Java");
      found = OpCase.run(plain, p, c.values());
    } finally {
      System.clearProperty("amortis.vector");
    }
    for (int i = 0; i < found.size(); i++) {
      Tolerance.of(c.op())
          .check(c + " result " + i, p.type(outputs.get(i)), found.get(i), expected.get(i));
    }
  }

  private static void same(OpCase c, Program p, List<double[]> one) {
    for (Device d : CPU.subList(1, CPU.size())) {
      List<double[]> other = OpCase.run(d, p, c.values());
      for (int i = 0; i < one.size(); i++) {
        assertThat(other.get(i)).as("%s on %s", c, d.describe()).isEqualTo(one.get(i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void gradientIsTheSlopeAlongARandomDirection(OpCase c) {
    Program p = Verify.check(c.gradient());
    List<double[]> g = OpCase.run(REFERENCE, p, c.values());
    List<double[]> direction = new ArrayList<>();
    double slope = 0;
    double size = 0;
    for (int i = 0; i < c.wrt().size(); i++) {
      double[] d = new Values("direction" + i).normal(g.get(i + 1).length);
      if (c.op() instanceof Solve.Cholesky) {
        symmetrize(d, c.types().getFirst().shape().dim(-1));
      }
      for (int k = 0; k < d.length; k++) {
        slope += d[k] * g.get(i + 1)[k];
        size += StrictMath.abs(d[k] * g.get(i + 1)[k]);
      }
      direction.add(d);
    }
    double h = 0x1p-18;
    double up = OpCase.run(REFERENCE, p, c.moved(direction, h)).getFirst()[0];
    double down = OpCase.run(REFERENCE, p, c.moved(direction, -h)).getFirst()[0];
    assertThat((up - down) / (2 * h))
        .as("%s: central difference, analytic %s", c, slope)
        .isCloseTo(slope, org.assertj.core.data.Offset.offset(1e-6 * (size + 1e-3)));
  }

  private static void symmetrize(double[] d, int n) {
    for (int i = 0; i < d.length; i++) {
      int row = i / n % n;
      int column = i % n;
      if (row < column) {
        d[i] = d[i - row * n - column + column * n + row];
      }
    }
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void gradientProgramOnCpuMeetsTheOracle(OpCase c) {
    Program p = c.gradient();
    List<double[]> expected = OpCase.run(REFERENCE, p, c.values());
    List<double[]> found = OpCase.run(CPU.getFirst(), p, c.values());
    List<Program.Value> outputs = new ArrayList<>(p.outputs().values());
    for (int i = 0; i < found.size(); i++) {
      Type t = p.type(outputs.get(i));
      Tolerance.ofGradient(c.op()).check(c + " output " + i, t, found.get(i), expected.get(i));
    }
    same(c, p, found);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inferSaysWhatItExpects(OpCase c) {
    if (c.op() instanceof Source) {
      return;
    }
    int refused = 0;
    for (List<Type> bad : BadTypes.of(c.types())) {
      try {
        evaluate(c.op(), bad, c.op().infer(bad));
      } catch (UnsupportedOperationException e) {
        assertThat(e).hasMessageContaining("of integers is not available on cpu");
      } catch (ShapeException e) {
        refused++;
        assertThat(e.getMessage()).matches("(?s)\\[[a-z0-9_]+\\] .{10,}");
        assertThat(e.getMessage()).startsWith("[" + c.op().name().toLowerCase() + "] ");
      }
    }
    boolean takesAnything = c.op() instanceof Cast;
    assertThat(refused).as("%s refuses nothing", c).isGreaterThan(takesAnything ? -1 : 0);
  }

  /// What `infer` lets pass has a meaning, of the size it says, and runs on the device.
  private static void evaluate(Op op, List<Type> in, List<Type> out) {
    if (in.stream().mapToInt(Type::size).sum() < 3000) {
      List<double[]> zeros = in.stream().map(t -> new double[t.size()]).toList();
      List<double[]> y = op.evaluate(in, zeros);
      for (int i = 0; i < out.size(); i++) {
        assertThat(y.get(i)).as("%s of %s", op, in).hasSize(out.get(i).size());
      }
      Program p = new OpCase("", op, in, zeros, List.of()).program();
      assertThat(OpCase.run(CPU.getFirst(), p, zeros)).hasSameSizeAs(out);
    }
  }
}
