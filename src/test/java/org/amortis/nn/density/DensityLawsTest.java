package org.amortis.nn.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.TracedNetwork;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.flow.Flows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Draws of a density agree with its log-density.
///
/// Null hypothesis: draws come from the density. Mean and second moment of 10,000 draws against
/// self-normalised importance weights of 10,000 points of a wider Gaussian, and the mean weight
/// against 1, each as a z-score from both standard errors, refused beyond 5: about 6e-7 a
/// comparison, under 1e-4 in all. Seeds are fixed.
@Tag("flow")
class DensityLawsTest {
  private static final int N = 10_000;
  private static final double LIMIT = 5;
  private static final double[] CONTEXT = {0.4, -0.9};

  record Case(String name, int p, ConditionalDensity density) {
    @Override
    public String toString() {
      return name + ", p = " + p;
    }
  }

  static List<Case> cases() {
    Conditioner c = Conditioner.mlp(6);
    return List.of(
        new Case("Gaussian", 1, new GaussianDensity(1, c)),
        new Case("Gaussian", 2, new GaussianDensity(2, c)),
        new Case("Gaussian", 3, new GaussianDensity(3, c)),
        new Case("mixture of 1", 2, new MixtureDensity(2, 1, c)),
        new Case("mixture of 4", 1, new MixtureDensity(1, 4, c)),
        new Case("mixture of 3", 2, new MixtureDensity(2, 3, c)),
        new Case("spline flow", 1, new FlowDensity(Flows.spline(1, 3, 6, 5, 3))),
        new Case("spline flow", 2, new FlowDensity(Flows.spline(2, 3, 6, 5, 3))),
        new Case("affine flow", 3, new FlowDensity(Flows.affine(3, 3, 6))),
        new Case("sbi nsf", 2, new FlowDensity(Flows.sbiNsf(2, 2))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void drawsAgreeWithLogProb(Case c) {
    assertThat(largest(c, 1)).isLessThan(LIMIT);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void drawsThatAreTooWideAreCaught(Case c) {
    assertThat(largest(c, 1.2)).isGreaterThan(LIMIT);
  }

  /// The largest z-score when draws are stretched about their mean by `stretch`.
  private static double largest(Case c, double stretch) {
    int p = c.p;
    double[] u = draws(c);
    double worst = 0;
    double[] mean = new double[p];
    double[] sd = new double[p];
    for (int j = 0; j < p; j++) {
      mean[j] = moment(u, p, j, 1, 0);
      sd[j] = StrictMath.sqrt(moment(u, p, j, 2, mean[j]));
    }
    double[] x = new double[N * p];
    double[] log = new double[N];
    double[] normal = normals(7, N * p);
    for (int i = 0; i < x.length; i++) {
      double s = 1.7 * sd[i % p];
      x[i] = mean[i % p] + s * normal[i];
      log[i / p] += -0.5 * normal[i] * normal[i] - StrictMath.log(s) - FlowDensity.HALF_LOG_2PI;
    }
    double[] q = logProb(c, x);
    double[] w = new double[N];
    for (int i = 0; i < N; i++) {
      w[i] = StrictMath.exp(q[i] - log[i]);
    }
    worst = StrictMath.max(worst, z(w, 1));
    for (int j = 0; j < p; j++) {
      for (int power = 1; power <= 2; power++) {
        double[] a = new double[N];
        double[] b = new double[N];
        for (int i = 0; i < N; i++) {
          // Both are moments about the mean of the draws; a planted fault stretches one of them.
          a[i] = StrictMath.pow(stretch * (u[i * p + j] - mean[j]), power);
          b[i] = w[i] * StrictMath.pow(x[i * p + j] - mean[j], power);
        }
        double difference = average(a) - average(b);
        double error = StrictMath.hypot(error(a), error(b));
        worst = StrictMath.max(worst, StrictMath.abs(difference) / error);
      }
    }
    return worst;
  }

  private static double moment(double[] u, int p, int j, int power, double about) {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum += StrictMath.pow(u[i * p + j] - about, power);
    }
    return sum / N;
  }

  private static double average(double[] a) {
    double sum = 0;
    for (double v : a) {
      sum += v;
    }
    return sum / a.length;
  }

  private static double error(double[] a) {
    double m = average(a);
    double sum = 0;
    for (double v : a) {
      sum += (v - m) * (v - m);
    }
    return StrictMath.sqrt(sum / a.length / a.length);
  }

  private static double z(double[] a, double expected) {
    return StrictMath.abs(average(a) - expected) / error(a);
  }

  private static double[] normals(int stream, int n) {
    double[] z = new double[n];
    Streams.normalInto(new RandomKey(5, stream), 0, 0, n, z, 0);
    return z;
  }

  private static TracedNetwork trace(
      Device d, Case c, Map<String, Shape> inputs, TracedNetwork.Body body) {
    Map<String, Shape> few = Map.of("context", Shape.of(2, 2), "u", Shape.of(2, c.p));
    // Parameters lie where the log-density declares them.
    ParameterLayout layout =
        TracedNetwork.layout(
            few,
            (scope, in) -> Map.of("l", c.density.logProb(scope, in.get("u"), in.get("context"))));
    TracedNetwork t = TracedNetwork.of(d, false, layout, inputs, null, body);
    double sd = layout.size() > 3000 ? 0.1 : 0.3;
    return t.set("parameters", t.randomParameters(4, sd)).set("context", CONTEXT);
  }

  private static double[] draws(Case c) {
    Map<String, Shape> inputs = new LinkedHashMap<>();
    inputs.put("context", Shape.of(1, 2));
    inputs.put("normal", Shape.of(N, c.p));
    inputs.put("uniform", Shape.of(N));
    TracedNetwork.Body body =
        (scope, in) ->
            Map.of(
                "u", c.density.draw(scope, in.get("context"), in.get("normal"), in.get("uniform")));
    double[] uniform = new double[N];
    Streams.uniformInto(new RandomKey(5, 3), 0, 0, N, uniform, 0);
    try (Device cpu = new CpuDevice(1);
        TracedNetwork t = trace(cpu, c, inputs, body)) {
      return t.set("normal", normals(2, N * c.p)).set("uniform", uniform).run().get("u");
    }
  }

  private static double[] logProb(Case c, double[] x) {
    Map<String, Shape> inputs = new LinkedHashMap<>();
    inputs.put("context", Shape.of(1, 2));
    inputs.put("u", Shape.of(N, c.p));
    try (Device cpu = new CpuDevice(1);
        TracedNetwork t = trace(cpu, c, inputs, (scope, in) -> logProb(c, scope, in))) {
      return t.set("u", x).run().get("log_prob");
    }
  }

  private static Map<String, Var> logProb(Case c, Scope scope, Map<String, Var> in) {
    return Map.of("log_prob", c.density.logProb(scope, in.get("u"), in.get("context")));
  }

  /// Differentiable draws: their log-densities are those of the density, their weights sum to one a
  /// context, and weighted averages are moments of the density.
  @ParameterizedTest
  @MethodSource("cases")
  void differentiableDrawsCarryTheirLogDensity(Case c) {
    int n = N - N % c.density.components();
    Map<String, Shape> inputs = new LinkedHashMap<>();
    inputs.put("context", Shape.of(1, 2));
    inputs.put("normal", Shape.of(n, c.p));
    TracedNetwork.Body body =
        (scope, in) -> {
          ConditionalDensity.Drawn d = c.density.drawn(scope, in.get("context"), in.get("normal"));
          return Map.of("u", d.u(), "log_prob", d.logProb(), "log_weight", d.logWeight());
        };
    Map<String, double[]> drawn;
    try (Device cpu = new CpuDevice(1);
        TracedNetwork t = trace(cpu, c, inputs, body)) {
      t.set("normal", normals(2, n * c.p)).run();
      drawn =
          Map.of("u", t.get("u"), "log_prob", t.get("log_prob"), "log_weight", t.get("log_weight"));
    }
    double[] u = java.util.Arrays.copyOf(drawn.get("u"), N * c.p);
    double[] log = logProb(c, u);
    double total = 0;
    double[] mean = new double[c.p];
    for (int i = 0; i < n; i++) {
      assertThat(drawn.get("log_prob")[i]).isCloseTo(log[i], within(5e-3));
      double w = StrictMath.exp(drawn.get("log_weight")[i]);
      total += w;
      for (int j = 0; j < c.p; j++) {
        mean[j] += w * u[i * c.p + j];
      }
    }
    assertThat(total).isCloseTo(1, within(1e-4));
    double[] plain = draws(c);
    for (int j = 0; j < c.p; j++) {
      double m = moment(plain, c.p, j, 1, 0);
      double sd = StrictMath.sqrt(moment(plain, c.p, j, 2, m));
      // Two sample means of 10,000 draws each: five standard errors.
      double most = 5 * sd * StrictMath.sqrt(2.0 / N) * StrictMath.sqrt(c.density.components());
      assertThat(mean[j]).isCloseTo(m, within(most));
    }
  }
}
