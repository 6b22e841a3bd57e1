package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Unary;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.RandomPrograms;
import org.amortis.engine.program.Simplify;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whole programs on a GPU device: memory, updates, attached buffers.
@OnOpenCl
class GpuExecutableTest {
  private static Driver driver;
  private static GpuDevice device;

  @BeforeAll
  static void open() {
    driver = OpenCl.open(-1);
    device = new GpuDevice(driver);
  }

  @AfterAll
  static void close() {
    device.close();
  }

  @Test
  void randomProgramsMeetTheOracleOverSeveralRuns() {
    Device reference = new ReferenceDevice();
    for (int seed = 0; seed < RandomPrograms.SEEDS; seed++) {
      Program p = RandomPrograms.of(seed, DType.FLOAT64);
      List<double[]> expected = RandomPrograms.run(reference, p, seed, 3);
      List<double[]> found = RandomPrograms.run(device, p, seed, 3);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i))
            .as("seed %d, value %d of %s", seed, i, p)
            .containsExactly(expected.get(i), within(1e-9));
      }
    }
  }

  @Test
  void plansAndPoisonChangeNoByte() {
    for (int seed = 0; seed < RandomPrograms.SEEDS; seed++) {
      DType f = seed % 2 == 0 ? DType.FLOAT32 : DType.FLOAT64;
      Program p = Simplify.of(RandomPrograms.of(seed, f));
      try (GpuExecutable planned = new GpuExecutable(p, device, driver, true);
          GpuExecutable apart = new GpuExecutable(p, device, driver, false);
          GpuExecutable poisoned = new GpuExecutable(p, device, driver, true)) {
        poisoned.poisonDeadMemory();
        List<double[]> expected = RandomPrograms.run(planned, p, seed, 2);
        same(seed, expected, RandomPrograms.run(apart, p, seed, 2));
        same(seed, expected, RandomPrograms.run(poisoned, p, seed, 2));
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
  void groupsOfManyOperandsAreCutAndMeanTheSame() {
    Trace t = new Trace("wide");
    Var sum = null;
    for (int i = 0; i < 40; i++) {
      Var x = t.data("x" + i, Type.f32(33)).tanh();
      sum = sum == null ? x : sum.add(x.mul(i + 1));
    }
    t.output("y", sum);
    try (Device cpu = new CpuDevice(1);
        Executable a = device.bind(t.program());
        Executable b = cpu.bind(t.program())) {
      for (int i = 0; i < 40; i++) {
        float[] x = new float[33];
        java.util.Arrays.fill(x, 0.01f * i - 0.2f);
        a.input("x" + i).write(x, 0);
        b.input("x" + i).write(x, 0);
      }
      a.run();
      b.run();
      assertThat(a.output("y").floats()).containsExactly(b.output("y").floats(), within(1e-4f));
      assertThat(a.explain()).contains("small_run", "work:", " x tanh, ", " x mul, ", "launches: ");
    }
  }

  @Test
  void attachedBuffersAreSharedAndOthersRefused() {
    Trace t = new Trace("count");
    Var n = t.state("n", Type.f32(3));
    t.update(n, n.add(1));
    t.output("n", n);
    Buffer shared = device.allocate(Type.f32(3));
    shared.write(5f, 6f, 7f);
    try (Device cpu = new CpuDevice(1);
        Executable a = device.bind(t.program());
        Executable b = device.bind(t.program())) {
      a.attach("n", shared);
      b.attach("n", shared);
      a.run();
      b.run();
      assertThat(shared.floats()).containsExactly(7, 8, 9);
      assertThat(b.output("n").floats()).containsExactly(6, 7, 8);
      Buffer foreign = cpu.allocate(Type.f32(3));
      assertThatThrownBy(() -> a.attach("n", foreign)).hasMessageContaining(device.name());
      assertThatThrownBy(() -> a.attach("n", device.allocate(Type.f32(4))))
          .hasMessageContaining("f32(3,)");
      assertThatThrownBy(() -> a.input("m")).hasMessageContaining("no input m");
      assertThatThrownBy(() -> a.output("m")).hasMessageContaining("no output m");
    }
  }

  @Test
  void launchesAreComparedWithTheKernelsOwnList() {
    Trace t = new Trace("one");
    t.output("y", t.one(Unary.EXP, t.data("x", Type.f32(3))));
    LaunchList list = new LaunchList();
    Kernel kernel = Kernel.of("move_copy", DType.FLOAT32);
    Place x = list.scratch(DType.FLOAT32, 3);
    Place d = list.scratch(DType.FLOAT64, 3);
    List<Program.Node> node = List.of(t.program().nodes().getFirst());
    list.add(kernel, Grid.items(3), new Object[] {x, x, 3}, node);
    assertThat(list.launches).hasSize(1);
    for (Object[] bad : new Object[][] {{x, x}, {x, 3, x}, {x, x, 3.0}, {x, d, 3}}) {
      assertThatThrownBy(() -> list.add(kernel, Grid.items(3), bad, node))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("move_copy");
    }
    assertThatThrownBy(() -> KernelSource.of("move").parameters("move_nothing"))
        .hasMessageContaining("no entry move_nothing");
    assertThatThrownBy(() -> KernelSource.of("nothing")).hasMessageContaining("kernels/nothing.c");
  }
}
