package org.amortis.inference.posterior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Spline;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.AffineCoupling;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.flow.SplineCoupling;
import org.amortis.nn.layer.Dense;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a trained posterior offers, on a network with arbitrary parameters: laws that hold for any
/// of them.
@Tag("inference")
class AmortizedPosteriorTest {
  private static final Prior PRIOR = Prior.of(new Marginal.Uniform("theta", 2, 5));
  private static final Shape SAMPLE = Shape.of(4);

  private static NeuralPosterior model(int bins) {
    return new NeuralPosterior(
        PRIOR,
        new Dense(3),
        new FlowDensity(
            new Composition(
                List.of(
                    new AffineCoupling(Conditioner.mlp(), true),
                    new SplineCoupling(Spline.of(bins, 4), Conditioner.mlp(), true)))));
  }

  private static AmortizedPosterior posterior(Device device) {
    NeuralPosterior m = model(6);
    ParameterLayout layout = m.layout(SAMPLE);
    double[] parameters = layout.initial(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 0.3 * StrictMath.sin(1 + i);
    }
    return new AmortizedPosterior(m, layout, parameters, new double[0], device);
  }

  private static Observations data(int n) {
    float[] z = new float[n * 4];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) StrictMath.cos(i);
    }
    return new Observations(SAMPLE, z);
  }

  @Test
  void densityIntegratesToOneOverThePrior() {
    try (Device device = new CpuDevice(1);
        AmortizedPosterior p = posterior(device)) {
      int cells = 20_000;
      Observations one = data(1);
      float[] repeated = new float[cells * 4];
      double[] theta = new double[cells];
      for (int i = 0; i < cells; i++) {
        System.arraycopy(one.values(), 0, repeated, 4 * i, 4);
        theta[i] = 2 + 3 * (i + 0.5) / cells;
      }
      double[] log = p.logProb(theta, new Observations(SAMPLE, repeated));
      double sum = 0;
      double mean = 0;
      for (int i = 0; i < cells; i++) {
        double w = StrictMath.exp(log[i]) * 3 / cells;
        sum += w;
        mean += w * theta[i];
      }
      assertThat(sum).isCloseTo(1, within(2e-3));
      // Null: draws have the density's mean. 20,000 draws of a distribution on (2, 5): standard
      // error below
      // 1.5 / sqrt(20,000) = 0.011; five of them.
      assertThat(p.mean(one, 20_000, 1)[0]).isCloseTo(mean, within(0.053));
      int densest = 0;
      for (int i = 0; i < cells; i++) {
        densest = log[i] > log[densest] ? i : densest;
      }
      double modal = p.logProb(p.mode(one, 100, 1), one)[0];
      assertThat(modal).isCloseTo(log[densest], within(1e-3));
    }
  }

  @Test
  void drawsLieInsideThePriorAndDoNotDependOnTheirNeighbours() {
    try (Device device = new CpuDevice(2);
        AmortizedPosterior p = posterior(device)) {
      double[] all = p.sample(data(130), 50, 7);
      assertThat(Arrays.stream(all)).allMatch(x -> x > 2 && x < 5);
      double[] some = p.sample(data(70), 50, 7);
      assertThat(Arrays.copyOf(all, some.length)).isEqualTo(some);
      double[] q = p.quantiles(data(5), 200, 1, 0.05, 0.5, 0.95);
      for (int i = 0; i < 5; i++) {
        assertThat(q[3 * i]).isLessThan(q[3 * i + 1]);
        assertThat(q[3 * i + 1]).isLessThan(q[3 * i + 2]);
      }
    }
  }

  @Test
  void savedNetworksComeBackAndOthersAreRefused(@TempDir Path folder) {
    Path file = folder.resolve("posterior.safetensors");
    try (Device device = new CpuDevice(1);
        AmortizedPosterior p = posterior(device)) {
      p.save(file);
      try (AmortizedPosterior q = AmortizedPosterior.load(file, model(6), SAMPLE, device)) {
        double[] before = p.sample(data(3), 20, 1);
        double[] after = q.sample(data(3), 20, 1);
        // Parameters are stored in float32, in which they are used.
        assertThat(after).isEqualTo(before);
      }
      assertThatThrownBy(() -> AmortizedPosterior.load(file, model(8), SAMPLE, device))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("another architecture");
      assertThatThrownBy(() -> AmortizedPosterior.load(file, model(6), Shape.of(5), device))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("summary.weight");
    }
  }
}
