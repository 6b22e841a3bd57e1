package org.amortis.studies.msp;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.inference.ratio.AmortizedRatio;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.nn.train.Trained;

/// Likelihood-to-evidence ratio, its posterior on a grid of both parameters.
record NreMethod() implements DrawsMethod {
  @Override
  public String name() {
    return "nre";
  }

  @Override
  public String label() {
    return "NRE";
  }

  @Override
  public NeuralRatio objective() {
    return Models.nre();
  }

  @Override
  public Seeds seed() {
    return Seeds.NRE;
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
    try (AmortizedRatio r = new AmortizedRatio(objective(), network, device)) {
      int[] grid = {cells, cells};
      return r.grid(fields, Schlather.PRIOR, grid, progress, cancellation).draws(draws);
    }
  }
}
