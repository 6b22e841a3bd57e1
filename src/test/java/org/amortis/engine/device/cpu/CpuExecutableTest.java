package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Update;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.RandomPrograms;
import org.amortis.engine.program.Simplify;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whole programs on the cpu device: plans change nothing, updates take effect at once, buffers are
/// shared as promised.
@Tag("op")
class CpuExecutableTest {
  private static final Team TEAM = new Team(2);
  private static final CpuDevice CPU = new CpuDevice(2);
  private static final Device REFERENCE = new ReferenceDevice();

  @AfterAll
  static void close() {
    TEAM.close();
    CPU.close();
  }

  @Test
  void randomProgramsMeetTheOracleOverSeveralRuns() {
    for (int seed = 0; seed < RandomPrograms.SEEDS; seed++) {
      Program p = RandomPrograms.of(seed, DType.FLOAT64);
      List<double[]> expected = RandomPrograms.run(REFERENCE, p, seed, 3);
      List<double[]> found = RandomPrograms.run(CPU, p, seed, 3);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i))
            .as("seed %d, value %d of %s", seed, i, p)
            .containsExactly(expected.get(i), within(1e-9));
      }
    }
  }

  @Test
  void plansAndPoisonAndThreadsChangeNoByte() {
    for (int seed = 0; seed < RandomPrograms.SEEDS; seed++) {
      DType f = seed % 2 == 0 ? DType.FLOAT32 : DType.FLOAT64;
      Program p = Simplify.of(RandomPrograms.of(seed, f));
      CpuExecutable planned = new CpuExecutable(p, TEAM, true);
      List<double[]> expected = RandomPrograms.run(planned, p, seed, 2);
      CpuExecutable apart = new CpuExecutable(p, TEAM, false);
      CpuExecutable poisoned = new CpuExecutable(p, TEAM, true);
      poisoned.poisonDeadMemory();
      same(seed, expected, RandomPrograms.run(apart, p, seed, 2));
      same(seed, expected, RandomPrograms.run(poisoned, p, seed, 2));
      if (seed % 4 == 0) {
        try (CpuDevice three = new CpuDevice(3)) {
          same(seed, expected, RandomPrograms.run(three, p, seed, 2));
        }
      }
    }
  }

  private static void same(int seed, List<double[]> expected, List<double[]> found) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).as("seed %d, value %d", seed, i).isEqualTo(expected.get(i));
    }
  }

  @Test
  void aReshapedSliceOfRowsWaitsForAllItsRows() {
    // Both launches have as many rows at the same place, but rows of different extent.
    Trace t = new Trace("rows");
    Var y = t.data("x", Type.f32(64, 96)).exp();
    Var half = y.slice(0, 0, 32).reshape(64, 48);
    t.output("y", half.sum(1));
    t.output("whole", y.sum(1));
    try (Executable e = CPU.bind(t.program())) {
      String[] phases = e.explain().split("phase ");
      assertThat(phases).hasSize(3);
      assertThat(phases[1]).contains("rows", "exp", "sum");
      assertThat(phases[2]).contains("sum").doesNotContain("exp");
    }
  }

  @Test
  void layersOfOnePhaseShareMemory() {
    Trace t = new Trace("layers");
    Var x = t.data("x", Type.f32(64, 32));
    Var w = t.state("w", Type.f32(32, 32));
    for (int i = 0; i < 20; i++) {
      x = t.matmul(x, w, false, false);
    }
    t.output("y", x);
    try (Executable e = CPU.bind(t.program())) {
      int one = 64 * 32 * 4;
      assertThat(e.explain())
          .doesNotContain("phase 1")
          .contains(20 * one + " bytes apart, " + 3 * one + " bytes packed");
    }
  }

  @Test
  void statesAreExchangedAndShownAsTheyWere() {
    Trace t = new Trace("exchange");
    Var a = t.state("a", Type.f32(3));
    Var b = t.state("b", Type.f32(3));
    Var n = t.state("n", Type.i32(1));
    t.output("a", a);
    t.output("n", n);
    t.output("next", a.add(1));
    t.update(a, b);
    t.update(b, a);
    t.update(n, n.add(t.scalar(1, DType.INT32)));
    for (Device d : List.of(REFERENCE, CPU)) {
      try (Executable e = d.bind(t.program())) {
        e.input("a").write(1f, 2f, 3f);
        e.input("b").write(4f, 5f, 6f);
        e.run();
        assertThat(e.output("a").doubles()).containsExactly(1, 2, 3);
        assertThat(e.output("next").doubles()).containsExactly(2, 3, 4);
        assertThat(e.output("n").ints()).containsExactly(0);
        assertThat(e.input("n").ints()).containsExactly(1);
        assertThat(e.input("a").doubles()).containsExactly(4, 5, 6);
        assertThat(e.input("b").doubles()).containsExactly(1, 2, 3);
      }
    }
  }

  /// One Adam step of `p`, with the old parameters also kept as state `old` and as an output.
  private static Program adam(boolean keep, boolean crossed) {
    Trace t = new Trace("adam");
    Type type = Type.f64(21);
    Var p = t.state("p", type);
    Var m = t.state("m", type);
    Var v = t.state("v", type);
    Var g = t.data("g", type);
    Var control = t.table(Type.f64(4), new double[] {0.1, 0.1, 0.001, 1});
    List<Var> next = t.apply(new Update.Adam(0.9, 0.999, 1e-8, 0.01), List.of(p, g, m, v, control));
    t.update(p, next.get(crossed ? 1 : 0));
    t.update(m, next.get(crossed ? 0 : 1));
    t.update(v, next.get(2));
    t.output("new", next.get(0));
    if (keep) {
      t.output("old", p.reshape(3, 7));
      t.update(t.state("old", type), p);
      t.update(t.state("again", type), next.get(0));
    }
    return t.program();
  }

  @Test
  void theOptimiserUpdatesInPlaceOnlyWhereNobodyNeedsTheOldValues() {
    try (Executable e = CPU.bind(adam(false, false))) {
      assertThat(e.explain()).contains("adam").doesNotContain("update");
    }
    for (boolean keep : new boolean[] {false, true}) {
      for (boolean crossed : new boolean[] {false, true}) {
        Program p = adam(keep, crossed);
        List<double[]> expected = RandomPrograms.run(REFERENCE, p, 5, 3);
        List<double[]> found = RandomPrograms.run(CPU, p, 5, 3);
        for (int i = 0; i < expected.size(); i++) {
          assertThat(found.get(i))
              .as("keep %s, crossed %s, value %d", keep, crossed, i)
              .containsExactly(expected.get(i), within(1e-12));
        }
      }
    }
  }

  @Test
  void twoProgramsShareParameters() {
    Trace step = new Trace("step");
    Var p = step.state("p", Type.f32(5));
    step.output("same", p.reshape(5, 1));
    step.update(p, p.add(1));
    Trace read = new Trace("read");
    read.output("y", read.state("p", Type.f32(5)).mul(2));
    read.output("view", read.state("p", Type.f32(5)).slice(0, 1, 3));
    Buffer shared = CPU.allocate(Type.f32(5));
    try (Executable a = CPU.bind(step.program());
        Executable b = CPU.bind(read.program())) {
      a.attach("p", shared);
      b.attach("p", shared);
      shared.write(1f, 2f, 3f, 4f, 5f);
      a.run();
      a.run();
      b.run();
      assertThat(a.output("same").doubles()).containsExactly(2, 3, 4, 5, 6);
      assertThat(shared.floats()).containsExactly(3f, 4f, 5f, 6f, 7f);
      assertThat(a.input("p")).isSameAs(shared);
      assertThat(b.output("y").floats()).containsExactly(6f, 8f, 10f, 12f, 14f);
      assertThat(b.output("view").floats()).containsExactly(4f, 5f);
      Buffer other = CPU.allocate(Type.f32(5));
      b.attach("p", other);
      b.run();
      assertThat(b.output("view").floats()).containsExactly(0f, 0f);
      assertThat(shared.floats()).containsExactly(3f, 4f, 5f, 6f, 7f);
      assertThatThrownBy(() -> a.attach("p", CPU.allocate(Type.f32(4))))
          .hasMessageContaining("input p needs a cpu buffer of f32(5,), found f32(4,)");
      assertThatThrownBy(() -> a.attach("p", REFERENCE.allocate(Type.f32(5))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> a.input("q")).hasMessageContaining("no input q; there are [p]");
      assertThatThrownBy(() -> a.output("q")).hasMessageContaining("no output q");
    }
  }

  @Test
  void buffersConvertAndCheckTheirLength() {
    Buffer b = CPU.allocate(Type.f32(3));
    b.write(9.0, 1.5, 2.5, 3.5);
    assertThat(b.doubles()).containsExactly(9, 1.5, 2.5);
    b.write(new double[] {9, 1.5, 2.5, 3.5}, 1);
    assertThat(b.doubles()).containsExactly(1.5, 2.5, 3.5);
    assertThat(b.ints()).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> b.write(1f, 2f))
        .hasMessage("f32(3,) needs 3 elements, the array offers 2");
    Buffer i = CPU.allocate(Type.i32(2));
    i.write(7, -8);
    assertThat(i.doubles()).containsExactly(7, -8);
    assertThat(i.floats()).containsExactly(7f, -8f);
  }

  @Test
  void anIndexOutOfRangeReachesTheCallerAndLeavesTheDeviceUsable() {
    Trace t = new Trace("gather");
    Var x = t.data("x", Type.f32(4, 3));
    t.output("y", x.gather(t.data("index", Type.i32(2))).exp());
    try (Executable e = CPU.bind(t.program())) {
      for (int bad : new int[] {4, -1}) {
        e.input("index").write(0, bad);
        assertThatThrownBy(e::run)
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessage("[gather] index " + bad + " at 1: there are 4 rows");
      }
      e.input("index").write(0, 3);
      e.run();
      double[] ones = new double[6];
      Arrays.fill(ones, 1);
      assertThat(e.output("y").doubles()).isEqualTo(ones);
    }
  }

  @Test
  void indicesOutOfRangeNeverReachOtherMemory() {
    Trace t = new Trace("indices");
    Var index = t.data("index", Type.i32(2, 1));
    t.output(
        "take", t.one(new org.amortis.engine.op.Move.Take(), t.data("x", Type.f32(2, 3)), index));
    Trace u = new Trace("scatter");
    Var flat = u.data("index", Type.i32(2));
    u.output(
        "y", u.one(new org.amortis.engine.op.Move.Scatter(3), u.data("x", Type.f32(2, 3)), flat));
    for (Trace each : List.of(t, u)) {
      try (Executable e = CPU.bind(each.program())) {
        for (int bad : new int[] {3, -1}) {
          e.input("index").write(0, bad);
          assertThatThrownBy(e::run)
              .as(each.program().toString())
              .isInstanceOf(IndexOutOfBoundsException.class)
              .hasMessageContaining("index " + bad);
        }
      }
    }
  }

  @Test
  void aClosedDeviceSaysSo() {
    Trace t = new Trace("late");
    t.output("y", t.data("x", Type.f32(2)).exp());
    CpuDevice device = new CpuDevice(2);
    Executable e = device.bind(t.program());
    e.run();
    device.close();
    device.close();
    assertThatThrownBy(e::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> new CpuDevice(0)).hasMessageContaining("threads must be at least 1");
  }

  @Test
  void constantsAndInputsMayBeOutputs() {
    Trace t = new Trace("sources");
    t.output("c", t.scalar(2.5, DType.FLOAT32));
    t.output("t", t.table(Type.f64(2), new double[] {1, 2}).reshape(Shape.of(2, 1).dims()));
    t.output("x", t.data("x", Type.f32(2)));
    try (Executable e = CPU.bind(t.program())) {
      e.input("x").write(3f, 4f);
      e.run();
      assertThat(e.output("c").doubles()).containsExactly(2.5);
      assertThat(e.output("t").doubles()).containsExactly(1, 2);
      assertThat(e.output("x").doubles()).containsExactly(3, 4);
    }
  }
}
