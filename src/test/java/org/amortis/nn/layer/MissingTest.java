package org.amortis.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Network;
import org.amortis.nn.TracedNetwork;
import org.amortis.nn.layer.DeepSet.Pooling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Networks for data with gaps, float64: what is absent, its order and its number change nothing.
@Tag("op")
class MissingTest {
  private static final double NAN = Double.NaN;
  private static final Network INNER = Sequential.of(new Dense(5, Activation.RELU), new Dense(3));

  /// Networks of sets of rows of three numbers: two coordinates and a value for the transformers.
  static Network[] sets() {
    return new Network[] {
      new PaddedSet(new DeepSet(INNER, new Dense(2), Pooling.MEAN, true)),
      new PaddedSet(new DeepSet(INNER, new Dense(2), Pooling.SUM, false)),
      new PaddedSet(new DeepSet(new Masked(INNER), new Dense(2), Pooling.SUM, true)),
      new SiteTransformer(2, 8, 2, 2, true),
      new SiteTransformer(2, 6, 3, 1, false)
    };
  }

  private static double[] values(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = new double[n];
    Arrays.setAll(x, i -> random.nextGaussian());
    return x;
  }

  private static double[] apply(Network network, double[] x, int... shape) {
    return apply(new ReferenceDevice(), network, x, shape);
  }

  private static double[] apply(Device device, Network network, double[] x, int... shape) {
    try (TracedNetwork t = traced(device, network, null, shape)) {
      t.set("parameters", t.randomParameters(2, 0.4)).set("x", x);
      return t.run().get("y");
    }
  }

  private static TracedNetwork traced(Device device, Network network, String loss, int... shape) {
    return TracedNetwork.of(
        device,
        false,
        Map.of("x", Shape.of(shape)),
        loss,
        (scope, in) -> {
          Var y = network.apply(scope, in.get("x"));
          Var weights = scope.trace().table(y.type(), values(9, y.type().size()));
          return Map.of("y", y, "loss", y.mul(weights).sum());
        });
  }

  @ParameterizedTest
  @MethodSource("sets")
  void emptyPlacesChangeNothing(Network network) {
    double[] x = values(1, 12);
    double[] expected = apply(network, x, 1, 4, 3);
    double[] padded = Arrays.copyOf(x, 21);
    Arrays.fill(padded, 12, 21, NAN);
    assertThat(apply(network, padded, 1, 7, 3)).containsExactly(expected, within(1e-12));
    // An empty place between the others, in a batch whose second set is full.
    double[] between = Arrays.copyOf(x, 30);
    System.arraycopy(x, 6, between, 9, 6);
    Arrays.fill(between, 6, 9, NAN);
    System.arraycopy(values(5, 15), 0, between, 15, 15);
    double[] y = apply(network, between, 2, 5, 3);
    assertThat(Arrays.copyOf(y, expected.length)).containsExactly(expected, within(1e-12));
    // A row less is noticed.
    Arrays.fill(padded, 9, 12, NAN);
    assertThat(apply(network, padded, 1, 7, 3)[0]).isNotCloseTo(expected[0], within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void theOrderDoesNotMatter(Network network) {
    double[] x = values(1, 15);
    Arrays.fill(x, 6, 9, NAN);
    double[] turned = new double[15];
    for (int i = 0; i < 15; i++) {
      turned[i] = x[(i + 6) % 15];
    }
    assertThat(apply(network, turned, 1, 5, 3))
        .containsExactly(apply(network, x, 1, 5, 3), within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void anEmptySetGivesNumbers(Network network) {
    double[] x = new double[12];
    Arrays.fill(x, NAN);
    for (double y : apply(network, x, 1, 4, 3)) {
      assertThat(y).isFinite();
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void devicesAgree(Network network) {
    double[] x = values(1, 36);
    Arrays.fill(x, 9, 15, NAN);
    try (CpuDevice cpu = new CpuDevice(1)) {
      assertThat(apply(cpu, network, x, 2, 6, 3))
          .containsExactly(apply(network, x, 2, 6, 3), within(1e-12));
    }
  }

  /// Central differences along random directions of the parameters and of what is present.
  @ParameterizedTest
  @MethodSource("sets")
  void gradientsAreThoseOfDifferences(Network network) {
    double[] x = values(4, 24);
    Arrays.fill(x, 9, 12, NAN);
    try (TracedNetwork t = traced(new ReferenceDevice(), network, "loss", 2, 4, 3)) {
      double[] p = t.randomParameters(3, 0.4);
      t.set("parameters", p).set("x", x).run();
      double[] dp = t.get("d.parameters");
      double[] dx = t.get("d.x");
      double[] a = values(6, p.length);
      double[] b = values(7, x.length);
      double slope = 0;
      for (int i = 0; i < p.length; i++) {
        slope += dp[i] * a[i];
      }
      for (int i = 0; i < x.length; i++) {
        assertThat(dx[i]).isFinite();
        slope += dx[i] * b[i];
      }
      double h = 1e-6;
      double difference = (loss(t, p, a, x, b, h) - loss(t, p, a, x, b, -h)) / (2 * h);
      assertThat(slope).isCloseTo(difference, within(2e-6 * (1 + StrictMath.abs(difference))));
    }
  }

  private static double loss(
      TracedNetwork t, double[] p, double[] a, double[] x, double[] b, double h) {
    double[] q = new double[p.length];
    double[] y = new double[x.length];
    Arrays.setAll(q, i -> p[i] + h * a[i]);
    Arrays.setAll(y, i -> x[i] + h * b[i]);
    return t.set("parameters", q).set("x", y).run().get("loss")[0];
  }

  @Test
  void aMaskedNetworkSeesZerosAndTheMask() {
    double[] x = {1.5, NAN, -2, 0};
    assertThat(apply(new Masked((scope, y) -> y), x, 1, 2, 2, 1))
        .containsExactly(1.5, 1, 0, 0, -2, 1, 0, 1);
  }

  @Test
  void aPartlyObservedReplicateNeedsANetworkThatKnowsOfGaps() {
    double[] x = values(1, 12);
    x[4] = NAN;
    assertThat(apply(sets()[1], x, 1, 4, 3)[0]).isNaN();
    assertThat(apply(sets()[2], x, 1, 4, 3)[0]).isFinite();
  }

  /// Features of distances alone do not change when all sites move together.
  @Test
  void withoutLocationsOnlyDistancesMatter() {
    double[] x = values(1, 12);
    double[] moved = x.clone();
    for (int i = 0; i < 12; i += 3) {
      moved[i] += 0.7;
      moved[i + 1] -= 1.1;
    }
    Network relative = sets()[4];
    assertThat(apply(relative, moved, 1, 4, 3))
        .containsExactly(apply(relative, x, 1, 4, 3), within(1e-12));
    Network absolute = sets()[3];
    assertThat(apply(absolute, moved, 1, 4, 3)[0])
        .isNotCloseTo(apply(absolute, x, 1, 4, 3)[0], within(1e-6));
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> new SiteTransformer(2, 7, 2, 1, true))
        .hasMessageContaining("multiple of heads");
    assertThatThrownBy(() -> apply(sets()[3], values(1, 8), 1, 4, 2))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("2 coordinates and values");
  }
}
