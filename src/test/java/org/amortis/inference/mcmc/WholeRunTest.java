package org.amortis.inference.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.program.Program;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.ChebyshevLikelihood;
import org.amortis.inference.likelihood.GaussianProcessLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.likelihood.StationaryCovariance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs of many steps in one launch are those of so many steps one by one, byte for byte.
@Tag("op")
@OnOpenCl
class WholeRunTest {
  private static final int STEPS = 23;

  /// A first log-density that every candidate beats.
  private static final double NOWHERE = -1e30;

  /// A program, what its likelihood binds, and the kernel that runs it.
  record Case(String label, Prior prior, LogLikelihood likelihood, MetropolisOptions options) {
    Program program() {
      return Metropolis.program(prior, likelihood, options);
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private static final Prior FLAT = Prior.of(new Marginal.Uniform("theta", 0.01, 0.6));

  private static double[] fields(int count, int n) {
    SplittableRandom random = new SplittableRandom(5);
    double[] z = new double[count * n];
    for (int i = 0; i < z.length; i++) {
      z[i] = random.nextGaussian();
    }
    return z;
  }

  private static LogLikelihood lattice(int side, int fields, StationaryCovariance c) {
    return new GaussianProcessLikelihood(
        GramStructure.squareLattice(side),
        GramStructure.latticeDistances(side),
        c,
        fields(fields, side * side));
  }

  private static MetropolisOptions options(int chains, Adaptation adaptation) {
    return new MetropolisOptions(
        STEPS, 9, 5 * chains, chains, new Start.FromPrior(), 0.1, adaptation);
  }

  static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    StationaryCovariance one = StationaryCovariance.exponential();
    // Range and standard deviation: slices of theta, and priors with densities.
    StationaryCovariance two =
        (theta, h) -> one.at(theta.slice(1, 0, 1), h).mul(theta.slice(1, 1, 2).square());
    Prior both =
        Prior.of(new Marginal.LogNormal("range", -1.5, 0.5), new Marginal.Normal("sd", 1, 0.2));
    Adaptation robbins = Adaptation.RobbinsMonro.standard();
    Adaptation bands = new Adaptation.Bands(4, 1.5, 0.3, 0.6);
    all.add(new Case("lattice 3", FLAT, lattice(3, 2, one), options(1, robbins)));
    all.add(new Case("lattice 5, 3 chains", FLAT, lattice(5, 3, one), options(3, bands)));
    all.add(new Case("two parameters", both, lattice(4, 3, two), options(2, robbins)));
    all.add(new Case("lattice 16", FLAT, lattice(16, 2, one), options(1, robbins)));
    Device cpu = new CpuDevice(1);
    List<ChebyshevLikelihood.Panel> panels =
        List.of(
            new ChebyshevLikelihood.Panel(0.01, 0.1, 12),
            new ChebyshevLikelihood.Panel(0.1, 0.6, 16));
    LogLikelihood series = new ChebyshevLikelihood(lattice(4, 70, one), panels, cpu);
    all.add(new Case("series", FLAT, series, options(1, robbins)));
    all.add(new Case("series, 3 chains", FLAT, series, options(3, bands)));
    return all;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameBytesAsStepByStep(Case c) {
    State whole = run(OnOpenCl.Shared.DEVICE, c);
    State single = apart(OnOpenCl.Shared.DEVICE, c);
    assertThat(whole.launches).contains("whole_chains").contains("whole_count");
    assertThat(single.launches).doesNotContain("whole_chains");
    assertThat(whole.values.get(1)).as("every chain has moved").doesNotContain(NOWHERE);
    for (int i = 0; i < single.values.size(); i++) {
      assertThat(whole.values.get(i)).isEqualTo(single.values.get(i));
    }
    try (Device cpu = new CpuDevice(1)) {
      State other = run(cpu, c);
      for (int i = 0; i < other.values.size(); i++) {
        assertThat(whole.values.get(i)).containsExactly(other.values.get(i), within(1e-9));
      }
    }
  }

  /// Step by step, memory unshared.
  static State apart(Device device, Case c) {
    System.setProperty("amortis.plan", "false");
    try {
      return run(device, c);
    } finally {
      System.clearProperty("amortis.plan");
    }
  }

  /// State after the run, and the launches.
  record State(List<double[]> values, String launches) {}

  static State run(Device device, Case c) {
    Program p = c.program();
    try (Executable e = device.bind(p)) {
      c.likelihood.bind(e);
      int chains = p.inputs().get("theta").types().getFirst().shape().dim(0);
      double[] scale = new double[chains];
      java.util.Arrays.fill(scale, 0.1);
      e.input("theta").write(c.prior.sample(7, 0, chains), 0);
      double[] density = new double[chains];
      java.util.Arrays.fill(density, NOWHERE);
      e.input("log_density").write(density, 0);
      e.input("scale").write(scale, 0);
      e.input("key").write(3, 4, 0);
      e.run(1);
      e.run(STEPS - 1);
      List<double[]> values = new ArrayList<>();
      p.updates().keySet().forEach(k -> values.add(e.input(k).doubles()));
      assertThat(e.input("key").ints()).containsExactly(3, 4, STEPS);
      assertThat(p.nodes().stream().anyMatch(n -> n.op() instanceof RandomWalk.Keep)).isTrue();
      return new State(values, e.explain());
    }
  }
}
