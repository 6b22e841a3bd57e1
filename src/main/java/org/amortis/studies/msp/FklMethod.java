package org.amortis.studies.msp;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.train.Trained;

/// Amortized posterior by forward Kullback-Leibler divergence.
record FklMethod() implements DrawsMethod {
  @Override
  public String name() {
    return "fkl";
  }

  @Override
  public String label() {
    return "fKL";
  }

  @Override
  public NeuralPosterior objective() {
    return Models.fkl();
  }

  @Override
  public Seeds seed() {
    return Seeds.FKL;
  }

  @Override
  public double[] draws(
      Trained network,
      Device device,
      Observations fields,
      int draws,
      int cells,
      long seed,
      Progress progress,
      Cancellation cancellation) {
    try (AmortizedPosterior p = new AmortizedPosterior(objective(), network, device)) {
      return p.sample(fields, draws, seed, progress, cancellation);
    }
  }
}
