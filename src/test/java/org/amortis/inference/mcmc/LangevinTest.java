package org.amortis.inference.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.program.Var;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.LogLikelihood;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The Langevin proposal's correction, on the posterior N(0, 1/4) of one data set.
///
/// Under the null the last points of N chains that start from exact draws are independent standard
/// normal numbers when doubled: the mean of their squares has the standard error `sqrt(2 / N)`, and
/// is not further than 4.5 of them from 1 but once in 147,000 times.
@Tag("inference")
class LangevinTest {
  private static final int CHAINS = 2_000;
  private static final Prior PRIOR = Prior.of(new Marginal.Normal("theta", 0, 1));

  /// `-3/2 theta^2`, whose precision adds to the prior's.
  private static final LogLikelihood LIKELIHOOD =
      new LogLikelihood() {
        @Override
        public int count() {
          return 1;
        }

        @Override
        public Var each(Var theta, int repeat) {
          return theta.square().mul(-1.5).reshape(theta.dim(0));
        }

        @Override
        public Var all(Var theta) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void bind(Executable program) {}
      };

  private static MetropolisOptions options(int steps) {
    double[] exact = new double[CHAINS];
    Streams.normalInto(new RandomKey(4, 2), 0, 0, CHAINS, exact, 0);
    for (int i = 0; i < CHAINS; i++) {
      exact[i] /= 2;
    }
    return new MetropolisOptions(
        steps,
        0,
        CHAINS,
        CHAINS,
        new Start.Each(exact),
        0.6,
        new Adaptation.None(),
        new Proposal.Langevin());
  }

  /// Distance of the mean square from 1 in its standard errors.
  private static double distance(UnconstrainedSteps steps) {
    try (CpuDevice device = new CpuDevice(1)) {
      Chains run = new Metropolis(device, Progress.NONE, Cancellation.create()).sample(steps, 3);
      double sum = 0;
      for (double theta : run.theta()) {
        sum += (4 * theta * theta - 1) / StrictMath.sqrt(2.0 * CHAINS);
      }
      return StrictMath.abs(sum);
    }
  }

  @Test
  void chainsStayExact() {
    assertThat(distance(new UnconstrainedSteps(PRIOR, LIKELIHOOD, options(20), null)))
        .isLessThan(4.5);
  }

  @Test
  void aMissingCorrectionIsCaught() {
    UnconstrainedSteps wrong =
        new UnconstrainedSteps(PRIOR, LIKELIHOOD, options(20), null) {
          @Override
          Var correction(Var eta, Var back) {
            return eta.sub(eta).sum(1);
          }
        };
    assertThat(distance(wrong)).isGreaterThan(7);
  }

  @Test
  void aCorrectionOfTheWrongSignIsCaught() {
    UnconstrainedSteps wrong =
        new UnconstrainedSteps(PRIOR, LIKELIHOOD, options(20), null) {
          @Override
          Var correction(Var eta, Var back) {
            return super.correction(back, eta);
          }
        };
    assertThat(distance(wrong)).isGreaterThan(7);
  }

  @Test
  void aRunStopsWhenItIsAsked() {
    Cancellation cancellation = Cancellation.create();
    long[] seen = new long[1];
    Progress stopping =
        new Progress() {
          @Override
          public void start(String what, long total) {}

          @Override
          public void advance(long done) {
            seen[0] = done;
            cancellation.request();
          }

          @Override
          public void note(String text) {}

          @Override
          public void done() {}
        };
    try (CpuDevice device = new CpuDevice(1)) {
      assertThatThrownBy(() ->
              new Metropolis(device, stopping, cancellation)
                  .sample(PRIOR, LIKELIHOOD, options(1_000_000), 5))
          .isInstanceOf(Cancellation.Cancelled.class);
      assertThat(seen[0]).isBetween(1L, 1_000L);
    }
  }
}
