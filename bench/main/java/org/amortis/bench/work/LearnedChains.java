package org.amortis.bench.work;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Proposal;
import org.amortis.inference.mcmc.Start;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.density.MixtureDensity;
import org.amortis.nn.flow.HiddenConditioner;
import org.amortis.nn.layer.Activate;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;

/// Metropolis-Hastings on a learned likelihood: 1,000 data sets of one summary, 4 chains each,
/// 2,000 steps, and a mixture of five Gaussians behind two tanh layers of 32.
public final class LearnedChains implements Work {
  /// Steps of a run.
  public static final int STEPS = 2_000;

  private static final int FIELDS = 1_000;
  private static final int CHAINS = 4;
  private static final Prior PRIOR = Prior.of(new Marginal.Uniform("theta", 0, 1));

  private final Device device;
  private final Proposal proposal;
  private final int steps;

  /// Chains that run `steps` of the 2,000 steps.
  public LearnedChains(Device device, Proposal proposal, int steps) {
    this.device = device;
    this.proposal = proposal;
    this.steps = steps;
  }

  /// The log-density of a summary given theta, by a network with untrained parameters.
  private record Likelihood(int count, float[] summaries) implements LogLikelihood {
    private static final Activate TANH = new Activate(Activate.Kind.TANH);
    private static final MixtureDensity DENSITY =
        new MixtureDensity(
            1,
            5,
            new HiddenConditioner(Sequential.of(new Dense(32), TANH, new Dense(32), TANH), false));

    static Likelihood of(int count) {
      double[] s = new double[count];
      Streams.normalInto(new RandomKey(2, 5), 0, 0, count, s, 0);
      float[] summaries = new float[count];
      for (int i = 0; i < count; i++) {
        summaries[i] = (float) s[i];
      }
      return new Likelihood(count, summaries);
    }

    @Override
    public Var each(Var theta, int repeat) {
      ParameterLayout layout =
          ParameterLayout.of(scope -> {
            Var two = scope.trace().data("two", Type.f32(2, 1));
            DENSITY.logProb(scope, two, two);
          });
      Trace t = theta.trace();
      Scope scope = Scope.frozen(t, DType.FLOAT32, layout, layout.initial(7), new double[0]);
      Var s = t.data("summaries", Type.f32(count, 1)).reshape(count, 1, 1);
      Var rows = s.broadcast(count, repeat, 1).reshape(count * repeat, 1);
      Var standardised = t.cast(theta, DType.FLOAT32).sub(0.5).mul(StrictMath.sqrt(12));
      return t.cast(DENSITY.logProb(scope, rows, standardised), DType.FLOAT64);
    }

    @Override
    public Var all(Var theta) {
      throw new UnsupportedOperationException("chains need one parameter a data set");
    }

    @Override
    public void bind(Executable program) {
      program.input("summaries").write(summaries, 0);
    }
  }

  @Override
  public double seconds() {
    return Work.time(() -> run(device, FIELDS, steps)) * STEPS / steps;
  }

  private Chains run(Device on, int fields, int steps) {
    MetropolisOptions o =
        new MetropolisOptions(
            steps,
            steps / 4,
            CHAINS,
            CHAINS,
            new Start.FromPrior(),
            0.5,
            Adaptation.RobbinsMonro.standard(),
            proposal);
    return new Metropolis(on, Progress.NONE, Cancellation.create())
        .sample(PRIOR, Likelihood.of(fields), o, 1);
  }

  /// Three data sets and ten steps against the oracle.
  @Override
  public void check() {
    try (Device cpu = Threads.device()) {
      double[] a = run(cpu, 3, 10).theta();
      double[] b = run(new ReferenceDevice(), 3, 10).theta();
      Work.agree("chains", a, b, 1e-4);
    }
  }

  @Override
  public void close() {}
}
