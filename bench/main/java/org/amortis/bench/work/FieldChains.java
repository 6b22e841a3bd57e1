package org.amortis.bench.work;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.studies.gp.GaussianProcess;

/// Metropolis-Hastings on 1,000 fields at once, one chain a field.
///
/// A measure runs `steps` steps and scales their time to 24,000; preparing the likelihood (the
/// nodes of the series) is counted once, unscaled.
public final class FieldChains implements Work {
  /// Steps of the paper.
  public static final int STEPS = 24_000;

  private static final int FIELDS = 1000;

  private final Device device;
  private final GaussianProcess.Form form;
  private final int steps;
  private final Observations fields;
  private LogLikelihood likelihood;

  /// Chains that run `steps` of the 24,000 steps.
  public FieldChains(Device device, GaussianProcess.Form form, int steps) {
    this(device, form, steps, FIELDS);
  }

  /// The same on so many fields.
  public FieldChains(Device device, GaussianProcess.Form form, int steps, int fields) {
    this.device = device;
    this.form = form;
    this.steps = steps;
    this.fields = Pairs.fields(device, fields, 3).fields();
  }

  /// Seconds of one step of all chains, the likelihood prepared.
  public double secondsPerStep() {
    if (likelihood == null) {
      likelihood = GaussianProcess.likelihood(fields, form, device);
    }
    return Work.time(() -> run(device, likelihood, steps)) / steps;
  }

  @Override
  public double seconds() {
    LogLikelihood[] fresh = new LogLikelihood[1];
    double before = Work.time(() -> fresh[0] = GaussianProcess.likelihood(fields, form, device));
    return before + Work.time(() -> run(device, fresh[0], steps)) * STEPS / steps;
  }

  private static Chains run(Device device, LogLikelihood likelihood, int steps) {
    MetropolisOptions o =
        new MetropolisOptions(
            steps, steps / 2, 1, 1, new Start.FromPrior(), 0.1, new Adaptation.None());
    return new Metropolis(device, Progress.NONE, Cancellation.create())
        .sample(GaussianProcess.PRIOR, likelihood, o, 1);
  }

  /// Three chains of ten steps against the dense form of the oracle.
  @Override
  public void check() {
    Observations few = fields.rows(0, 3);
    Device reference = new ReferenceDevice();
    LogLikelihood exact = GaussianProcess.likelihood(few, GaussianProcess.Form.DENSE, reference);
    LogLikelihood ours = GaussianProcess.likelihood(few, form, device);
    double[] a = run(device, ours, 10).theta();
    double[] b = run(reference, exact, 10).theta();
    Work.agree("chains", a, b, 1e-9);
  }

  @Override
  public void close() {}
}
