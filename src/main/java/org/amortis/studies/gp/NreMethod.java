package org.amortis.studies.gp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.inference.ratio.AmortizedRatio;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Trained;

/// Likelihood-to-evidence ratio by a classifier; the posterior on a grid, draws by inverse
/// transform.
record NreMethod() implements AmortizedMethod {
  @Override
  public String name() {
    return "nre";
  }

  @Override
  public String label() {
    return "NRE";
  }

  @Override
  public String description() {
    return "ratio of likelihood and evidence by a classifier on all pairs of a batch";
  }

  @Override
  public List<NetworkPart> parts() {
    return List.of(new UsualPart("nre", Models.nre(), Seeds.NRE));
  }

  @Override
  public Sampler sampler(List<Trained> networks, Budget budget, Device device) {
    return new OfRatio(
        new AmortizedRatio(Models.nre(), networks.getFirst(), device), budget.gridCells());
  }

  @Override
  public Map<String, Program> programs(Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put("one training step, batch 32", Explanation.training(Models.nre(), budget));
    ParameterLayout layout = Training.layout(Models.nre());
    Observations one =
        new Observations(
            GaussianProcess.FIELD, new float[GaussianProcess.SIDE * GaussianProcess.SIDE]);
    try (AmortizedRatio r =
        new AmortizedRatio(Models.nre(), layout, layout.initial(1), new double[0], device)) {
      programs.put(
          "ratios of one field at " + budget.gridCells() + " grid points",
          GridPosterior.program(GaussianProcess.PRIOR, r.of(one), budget.gridCells()));
    }
    return programs;
  }

  /// Draws from a ratio's posterior on a grid; it closes the ratio in the end.
  record OfRatio(AmortizedRatio ratio, int cells) implements Sampler {
    @Override
    public double[] sample(
        Observations fields, int draws, long seed, Progress progress, Cancellation cancellation) {
      int[] grid = {cells};
      return ratio.grid(fields, ratio.prior(), grid, progress, cancellation).draws(draws);
    }

    @Override
    public void close() {
      ratio.close();
    }
  }
}
