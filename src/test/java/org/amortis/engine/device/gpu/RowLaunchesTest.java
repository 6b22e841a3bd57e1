package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cuda.EmulatedCuda;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.Bijection;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Flows;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.nn.train.TrainingStep;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Launches over the rows of a batch, joined to one: the bytes are those of each launch alone.
@Tag("op")
@OnOpenCl
class RowLaunchesTest {
  private static final int ROWS = 24;

  /// A program of layers, activations, parts of columns and sums over rows and over columns, by
  /// chance.
  private static Program program(DType real, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Trace t = new Trace("rows " + seed);
    List<Var> values = new ArrayList<>();
    values.add(t.data("x", new Type(real, Shape.of(ROWS, 7))));
    int results = 0;
    for (int step = 0; step < 25; step++) {
      Var a = values.get(values.size() - 1 - random.nextInt(Math.min(3, values.size())));
      int w = a.dim(1);
      int to = 1 + random.nextInt(60);
      String label = "w" + step;
      switch (random.nextInt(9)) {
        case 0, 1 -> {
          Var weight = t.data(label, new Type(real, Shape.of(w, to)));
          Var bias = t.data("b" + step, new Type(real, Shape.of(to)));
          Dense dense = new Dense(Activation.RELU);
          values.add(t.apply(dense, List.of(a, weight, bias)).getFirst());
        }
        case 2 -> {
          Var weight = t.data(label, new Type(real, Shape.of(to, w)));
          values.add(t.apply(new MatMul(false, true), List.of(a, weight)).getFirst().mul(0.1));
        }
        case 3 -> values.add(a.tanh().mul(t.data(label, new Type(real, Shape.of(w)))));
        case 4 -> {
          int from = random.nextInt(w);
          values.add(a.slice(1, from, from + 1 + random.nextInt(w - from)));
        }
        case 5 -> {
          Var b = values.get(random.nextInt(values.size()));
          values.add(a.concat(b.dim(1) + w > 150 ? a.slice(1, 0, 1) : b, 1));
        }
        case 6 -> values.add(a.mul(a.sum(1).reshape(ROWS, 1)).sigmoid());
        case 7 -> t.output("sum" + results++, a.sum(0));
        default -> {
          Var b = values.get(random.nextInt(values.size()));
          t.output(
              "product" + results++, t.apply(new MatMul(true, false), List.of(b, a)).getFirst());
        }
      }
    }
    t.output("last", values.getLast());
    return t.program();
  }

  private static List<double[]> run(Device device, Program p) {
    try (Executable e = device.bind(p)) {
      SplittableRandom random = new SplittableRandom(7);
      p.inputs()
          .forEach((label, node) -> {
            Type type = node.types().getFirst();
            double[] values = random.doubles(type.size(), -1, 1).toArray();
            e.input(label).write(values);
          });
      e.run(3);
      return p.outputs().keySet().stream().map(label -> e.output(label).doubles()).toList();
    }
  }

  private static <T> T apart(Supplier<T> work) {
    System.setProperty("amortis.plan", "false");
    try {
      return work.get();
    } finally {
      System.clearProperty("amortis.plan");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void joinedLaunchesGiveTheBytesOfEachAlone(DType real) {
    int joined = 0;
    for (long seed = 0; seed < 40; seed++) {
      Program p = program(real, seed);
      List<double[]> expected = apart(() -> run(OnOpenCl.Shared.DEVICE, p));
      same(p, run(OnOpenCl.Shared.DEVICE, p), expected);
      try (GpuDevice any = new GpuDevice(new AnyOrderDriver(OpenCl.open(-1), seed, null))) {
        same(p, run(any, p), expected);
        joined += joined(any, p) ? 1 : 0;
      }
    }
    assertThat(joined).as("programs with joined rows").isGreaterThan(30);
  }

  private static void same(Program p, List<double[]> found, List<double[]> expected) {
    for (int i = 0; i < expected.size(); i++) {
      int at = Arrays.mismatch(found.get(i), expected.get(i));
      if (at >= 0) {
        fail(
            "%s: result %d of %s, element %d of %d: %s, expected %s",
            p.name(),
            i,
            p.outputs().keySet(),
            at,
            expected.get(i).length,
            found.get(i)[at],
            expected.get(i)[at]);
      }
    }
  }

  private static boolean joined(Device device, Program p) {
    try (Executable e = device.bind(p)) {
      return e.explain()
          .lines()
          .anyMatch(l -> l.matches(".* small_run .* ([2-9]|[1-9]\\d+)x1x1 .*"));
    }
  }

  @Test
  void launchesAreJoinedAsTheEnvironmentSays() {
    assertThat(Joining.of(null, Joining.SMALL)).isEqualTo(Joining.SMALL);
    assertThat(Joining.of("rows", Joining.SMALL)).isEqualTo(Joining.ROWS);
    assertThat(Joining.of("small", Joining.ROWS)).isEqualTo(Joining.SMALL);
    assertThat(Joining.of("apart", Joining.ROWS)).isEqualTo(Joining.APART);
    assertThatThrownBy(() -> Joining.of("glued", Joining.ROWS))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("AMORTIS_LAUNCHES is 'glued'; expected rows, small or apart");
  }

  @Test
  void emulatedGroupsOfOneRowGiveTheSameBytes() {
    for (long seed = 0; seed < 6; seed++) {
      Program p = program(DType.FLOAT32, seed);
      List<double[]> expected = run(OnOpenCl.Shared.DEVICE, p);
      try (GpuDevice cuda = EmulatedCuda.device()) {
        same(p, run(cuda, p), expected);
      }
    }
  }

  /// Parameters of a flow after some steps.
  private static double[] train(Device device, int columns, Bijection... flow) {
    int n = 3 * ROWS;
    SplittableRandom random = new SplittableRandom(3);
    Marginal[] marginals = new Marginal[columns];
    for (int i = 0; i < columns; i++) {
      marginals[i] = new Marginal.Uniform("t" + i, -1, 1);
    }
    Objective objective =
        new NeuralPosterior(
            Prior.of(marginals), (scope, x) -> x, new FlowDensity(new Composition(List.of(flow))));
    Dataset data =
        Dataset.of(
            new Column("u", Shape.of(columns), floats(random, n * columns)),
            new Column("data", Shape.of(3), floats(random, n * 3)));
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i * 7 % n;
    }
    var layout = TrainingStep.layout(objective, data, ROWS);
    try (TrainingStep step =
        new TrainingStep(
            device,
            objective,
            layout,
            data,
            Augmentation.NONE,
            new TrainingOptions(ROWS, 1, 0, new LearningRate.Constant(1e-2), 5, 0, 1),
            layout.initial(1),
            layout.initialStatistics(1))) {
      step.begin(data, order);
      step.run(0, 3, Long.MAX_VALUE);
      return step.parameters();
    }
  }

  private static float[] floats(SplittableRandom random, int n) {
    float[] all = new float[n];
    for (int i = 0; i < n; i++) {
      all[i] = (float) random.nextDouble(-1, 1);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void stepsOfAFlowGiveTheBytesOfEachLaunchAlone(int columns) {
    Bijection flow = Flows.sbiNsf(columns, 3);
    double[] expected = apart(() -> train(OnOpenCl.Shared.DEVICE, columns, flow));
    try (GpuDevice any = new GpuDevice(new AnyOrderDriver(OpenCl.open(-1), columns, null))) {
      assertThat(train(any, columns, flow)).isEqualTo(expected);
    }
  }

  @Test
  void stepsOfAFlowOnTheEmulatedGpu() {
    Bijection flow = Flows.sbiNsf(2, 3);
    double[] expected = train(OnOpenCl.Shared.DEVICE, 2, flow);
    try (GpuDevice cuda = EmulatedCuda.device()) {
      assertThat(train(cuda, 2, flow)).isEqualTo(expected);
    }
  }
}
