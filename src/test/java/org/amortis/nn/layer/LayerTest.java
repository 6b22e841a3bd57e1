package org.amortis.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;
import org.amortis.nn.TracedNetwork;
import org.amortis.nn.layer.DeepSet.Pooling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Layers: gradients against differences along random directions in float64, the cpu device against
/// the oracle, and what each promises beyond its formula.
@Tag("op")
class LayerTest {
  private static final Device REFERENCE = new ReferenceDevice();

  record Case(String name, Network network, boolean training, int... shape) {
    @Override
    public String toString() {
      return name + (training ? ", training" : "");
    }
  }

  private static final Network SET =
      new DeepSet(new Dense(4, Activation.RELU), new Dense(3), Pooling.MEAN, true);

  static List<Case> cases() {
    Activation leaky = Activation.leakyRelu(0.1);
    return List.of(
        new Case("relu", new Activate(Activate.Kind.RELU), false, 3, 5),
        new Case("leaky relu", new Activate(Activate.Kind.LEAKY_RELU, 0.2), false, 3, 5),
        new Case("tanh", new Activate(Activate.Kind.TANH), false, 3, 5),
        new Case("sigmoid", new Activate(Activate.Kind.SIGMOID), false, 3, 5),
        new Case("softplus", new Activate(Activate.Kind.SOFTPLUS), false, 3, 5),
        new Case("gelu", new Activate(Activate.Kind.GELU), false, 3, 5),
        new Case("conv, stride 2", new Conv2d(4, 3, 2, 1, leaky), false, 2, 7, 6, 3),
        new Case("conv, same", Conv2d.same(3, 5, Activation.RELU), false, 2, 6, 5, 2),
        new Case("conv, 1 x 1", new Conv2d(3, 1, 1, 0, Activation.NONE), false, 2, 3, 4, 2),
        new Case("max pool", new MaxPool(2), false, 2, 5, 6, 3),
        new Case("mean pool", new MeanPool(), false, 2, 5, 6, 3),
        new Case("layer norm", new LayerNorm(), false, 4, 3, 5),
        new Case("batch norm", new BatchNorm(), true, 6, 4),
        new Case("batch norm of images", new BatchNorm(), true, 2, 3, 4, 2),
        new Case("batch norm", new BatchNorm(), false, 6, 4),
        new Case("dropout", new Dropout(0.4), true, 5, 7),
        new Case("dropout", new Dropout(0.4), false, 5, 7),
        new Case("residual", new Residual(new Dense(5, leaky)), false, 3, 5),
        new Case("residual block", new ResidualBlock(), false, 3, 5),
        new Case("gated block", GATED, false, 6, 5),
        new Case("deep set", SET, false, 3, 4, 2),
        new Case("packed deep set", ((DeepSet) SET).packed(2), false, 3, 4, 3));
  }

  /// Two context rows for all rows of h: its first columns, which are part of the test's input.
  private static final Network GATED =
      (scope, h) -> new ResidualBlock().apply(scope, h, h.slice(0, 0, 2).slice(1, 0, 2));

  private static double[] values(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = new double[n];
    Arrays.setAll(x, i -> random.nextGaussian());
    return x;
  }

  /// Input values; the last of each three is a mask for the packed deep set.
  private static double[] input(Case c) {
    double[] x = values(3, Shape.of(c.shape).size());
    if (c.name.startsWith("packed")) {
      for (int i = 2; i < x.length; i += 3) {
        x[i] = i % 2;
      }
    }
    return x;
  }

  private static TracedNetwork trace(Device device, Case c) {
    Map<String, Shape> inputs = new LinkedHashMap<>();
    inputs.put("x", Shape.of(c.shape));
    TracedNetwork t =
        TracedNetwork.of(
            device,
            c.training,
            inputs,
            "loss",
            (scope, in) -> {
              Var y = c.network.apply(scope, in.get("x"));
              double[] dy = values(9, y.type().size());
              Var weights = scope.trace().table(y.type(), dy);
              return Map.of("y", y, "loss", y.mul(weights).sum());
            });
    double[] statistics = t.layout().initialStatistics(1);
    Arrays.setAll(statistics, i -> statistics[i] + 0.3 + 0.1 * i);
    return t.set("parameters", t.randomParameters(2, 0.3))
        .set("statistics", statistics)
        .set("key", 5, 6, 7)
        .set("x", input(c));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreThoseOfDifferences(Case c) {
    try (TracedNetwork t = trace(REFERENCE, c)) {
      double[] x = input(c);
      double[] p = t.randomParameters(2, 0.3);
      t.run();
      double[] dx = t.get("d.x");
      double[] dp = p.length == 0 ? p : t.get("d.parameters");
      for (int direction = 0; direction < 3; direction++) {
        double[] u = values(20 + direction, x.length);
        double[] v = values(30 + direction, p.length);
        if (c.name.startsWith("packed")) {
          // The mask is data.
          for (int i = 2; i < u.length; i += 3) {
            u[i] = 0;
          }
        }
        double expected = dot(dx, u) + dot(dp, v);
        double h = 1e-6;
        double up =
            t.set("x", along(x, u, h)).set("parameters", along(p, v, h)).run().get("loss")[0];
        double down =
            t.set("x", along(x, u, -h)).set("parameters", along(p, v, -h)).run().get("loss")[0];
        double scale = 1 + StrictMath.abs(expected);
        assertThat((up - down) / (2 * h)).isCloseTo(expected, within(1e-6 * scale));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void cpuAgreesWithTheOracle(Case c) {
    try (Device cpu = new CpuDevice(2);
        TracedNetwork a = trace(REFERENCE, c);
        TracedNetwork b = trace(cpu, c)) {
      a.run();
      b.run();
      for (String name : List.of("y", "d.x")) {
        assertThat(b.get(name)).as(name).containsExactly(a.get(name), within(1e-11));
      }
      if (a.layout().size() > 0) {
        assertThat(b.get("d.parameters")).containsExactly(a.get("d.parameters"), within(1e-11));
      }
      if (c.training && a.layout().statisticsSize() > 0) {
        assertThat(b.statistics()).containsExactly(a.statistics(), within(1e-12));
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] along(double[] x, double[] u, double h) {
    double[] y = x.clone();
    Arrays.setAll(y, i -> x[i] + h * u[i]);
    return y;
  }

  private static double[] apply(
      Map<String, Shape> shapes,
      Map<String, double[]> values,
      Function<Scope, Function<Map<String, Var>, Var>> body) {
    try (TracedNetwork t =
        TracedNetwork.of(
            REFERENCE,
            false,
            shapes,
            null,
            (scope, in) -> Map.of("y", body.apply(scope).apply(in)))) {
      t.set("parameters", t.randomParameters(2, 0.3));
      values.forEach(t::set);
      return t.run().get("y");
    }
  }

  private static double[] set(DeepSet set, int m, double[] x, double[] mask) {
    Map<String, Shape> shapes = new LinkedHashMap<>(Map.of("x", Shape.of(1, m, 2)));
    Map<String, double[]> values = new LinkedHashMap<>(Map.of("x", x));
    if (mask != null) {
      shapes.put("mask", Shape.of(1, m));
      values.put("mask", mask);
    }
    return apply(shapes, values, scope -> in -> set.apply(scope, in.get("x"), in.get("mask")));
  }

  static List<DeepSet> sets() {
    Network inner = Sequential.of(new Dense(4, Activation.RELU), new Dense(3));
    return List.of(
        new DeepSet(inner, new Dense(2), Pooling.MEAN, false),
        new DeepSet(inner, new Dense(2), Pooling.MEAN, true),
        new DeepSet(inner, new Dense(2), Pooling.SUM, false),
        new DeepSet(inner, new Dense(2), Pooling.SUM, true));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void orderOfReplicatesDoesNotMatter(DeepSet set) {
    double[] x = values(1, 8);
    double[] turned = new double[8];
    for (int i = 0; i < 8; i++) {
      turned[i] = x[(i + 6) % 8];
    }
    assertThat(set(set, 4, turned, null)).containsExactly(set(set, 4, x, null), within(1e-13));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void maskedReplicatesChangeNothing(DeepSet set) {
    double[] x = values(1, 8);
    double[] alone = {x[0], x[1], x[4], x[5]};
    double[] expected = set(set, 2, alone, null);
    double[] mask = {1, 0, 1, 0};
    assertThat(set(set, 4, x, mask)).containsExactly(expected, within(1e-13));
    x[2] = Double.NaN;
    x[7] = Double.POSITIVE_INFINITY;
    assertThat(set(set, 4, x, mask)).containsExactly(expected, within(1e-13));
    // A full mask is no mask; a mask that lets one more in is noticed.
    double[] full = {1, 1};
    assertThat(set(set, 2, alone, full)).containsExactly(expected, within(1e-13));
    assertThat(set(set, 4, values(1, 8), new double[] {1, 1, 1, 0})).isNotEqualTo(expected);
  }

  @Test
  void theCountIsSeenUnderMeanPoolingOnlyWithItsLogarithm() {
    double[] once = {0.3, -0.8};
    double[] twice = {0.3, -0.8, 0.3, -0.8};
    DeepSet without = sets().get(0);
    DeepSet with = sets().get(1);
    assertThat(set(without, 2, twice, null))
        .containsExactly(set(without, 1, once, null), within(1e-13));
    assertThat(set(with, 2, twice, null)[0])
        .isNotCloseTo(set(with, 1, once, null)[0], within(1e-6));
  }

  @Test
  void anEmptySetPoolsToZero() {
    DeepSet set = new DeepSet(new Dense(2), (scope, x) -> x, Pooling.MEAN, true);
    double[] y = set(set, 2, values(1, 4), new double[] {0, 0});
    assertThat(y).containsExactly(0, 0, 0);
  }

  @Test
  void dropoutDrawsAnewEachStepAndKeepsTheMean() {
    Case c = new Case("dropout", new Dropout(0.3), true, 200, 100);
    double[] ones = new double[20_000];
    Arrays.fill(ones, 1);
    try (TracedNetwork t = trace(REFERENCE, c)) {
      double[] first = t.set("x", ones).set("key", 1, 0, 0).run().get("y");
      double[] second = t.set("key", 1, 0, 1).run().get("y");
      assertThat(second).isNotEqualTo(first);
      assertThat(t.set("key", 1, 0, 0).run().get("y")).isEqualTo(first);
      assertThat(Arrays.stream(first).distinct().sorted().toArray())
          .containsExactly(new double[] {0, 1 / 0.7}, within(1e-15));
      // Standard error sqrt(0.3 / 0.7 / 20,000) = 0.0046; five of them.
      assertThat(Arrays.stream(first).average().orElseThrow()).isCloseTo(1, within(0.023));
    }
  }

  @Test
  void twoDropoutsDrawDifferentMasks() {
    Network two =
        (scope, x) ->
            new Dropout(0.5)
                .apply(scope.child("a"), x)
                .sub(new Dropout(0.5).apply(scope.child("b"), x));
    double[] y;
    try (TracedNetwork t = trace(REFERENCE, new Case("two", two, true, 10, 10))) {
      y = t.run().get("y");
    }
    assertThat(Arrays.stream(y).filter(v -> v != 0).count()).isBetween(25L, 75L);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> new Dropout(1)).hasMessageContaining("[0, 1)");
    assertThatThrownBy(() -> Conv2d.same(3, 2, Activation.NONE)).hasMessageContaining("even");
    assertThatThrownBy(() -> new Conv2d(0, 3, 1, 1, Activation.NONE))
        .hasMessageContaining("conv2d");
    Case shrinking = new Case("", new Residual(new Dense(4)), false, 3, 5);
    assertThatThrownBy(() -> trace(REFERENCE, shrinking))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("(3, 5) became (3, 4)");
    Case single = new Case("", new BatchNorm(), true, 1, 4);
    assertThatThrownBy(() -> trace(REFERENCE, single)).hasMessageContaining("at least 2 values");
    Case flat = new Case("", SET, false, 3, 4);
    assertThatThrownBy(() -> trace(REFERENCE, flat)).hasMessageContaining("(B, m, ...)");
    Case images = new Case("", new MeanPool(), false, 3, 4);
    assertThatThrownBy(() -> trace(REFERENCE, images)).hasMessageContaining("(B, H, W, C)");
  }

  /// A network file names its architecture by its description, which another run must repeat.
  @Test
  void descriptionsAreTheSameInEveryRun() {
    DeepSet set = new DeepSet(Dense.fanIn(4, Activation.RELU), new Dense(3));
    assertThat(set.packed(2, 2).toString())
        .contains("outputs=4", "sample=(2, 2)")
        .doesNotContain("Lambda");
  }
}
