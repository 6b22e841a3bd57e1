package org.amortis.studies.gp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.io.Json;
import org.amortis.io.NpyArray;

/// The exact posterior on a grid of the one parameter.
record ExactMethod() implements Method {
  @Override
  public String name() {
    return "exact";
  }

  @Override
  public String label() {
    return "exact";
  }

  @Override
  public String description() {
    return "exact posterior on a grid";
  }

  @Override
  public MethodResult run(Run run) {
    int n = run.test.count();
    if (!run.files.has("exact.npz") || !run.files.has("draws_exact.npy")) {
      long started = System.nanoTime();
      GridPosterior p = grid(run, run.test.fields());
      double[] mean = new double[n];
      double[][] q = new double[3][n];
      for (int i = 0; i < n; i++) {
        mean[i] = p.mean(i, 0);
        double[] three = p.quantiles(i, 0, 0.05, 0.5, 0.95);
        for (int k = 0; k < 3; k++) {
          q[k][i] = three[k];
        }
      }
      int g = run.budget.gridCells();
      Map<String, NpyArray> arrays = new LinkedHashMap<>();
      arrays.put("grid", NpyArray.of(p.axes()[0], g));
      arrays.put("log_density", NpyArray.of(p.logDensity(), n, g));
      arrays.put("mean", NpyArray.of(mean, n));
      arrays.put("q05", NpyArray.of(q[0], n));
      arrays.put("q50", NpyArray.of(q[1], n));
      arrays.put("q95", NpyArray.of(q[2], n));
      double[] draws = inverseTransform(p, run.budget.draws());
      double seconds = (System.nanoTime() - started) * 1e-9;
      // Facts before files: a finished file is never computed again.
      run.files.record("exact", Json.Obj.empty().with("seconds_per_field", seconds / n));
      run.files.write("exact.npz", arrays);
      run.files.write("draws_exact.npy", draws, n, run.budget.draws());
    }
    if (!run.files.has("micro_exact.npy")) {
      double[] draws = inverseTransform(grid(run, run.micro), run.budget.draws());
      run.files.write("micro_exact.npy", draws, run.micro.count(), run.budget.draws());
    }
    // The report shows the exact posterior of the micro-test fields from its grid, not from draws.
    return new MethodResult(
        "exact", run.files.read("draws_exact.npy"), null, null, null, List.of());
  }

  /// The levels (d + 1/2) / draws of each posterior's distribution function.
  static double[] inverseTransform(GridPosterior p, int draws) {
    double[] levels = new double[draws];
    for (int d = 0; d < levels.length; d++) {
      levels[d] = (d + 0.5) / levels.length;
    }
    double[] all = new double[p.count() * levels.length];
    for (int i = 0; i < p.count(); i++) {
      System.arraycopy(p.quantiles(i, 0, levels), 0, all, i * levels.length, levels.length);
    }
    return all;
  }

  /// The exact posterior of some fields.
  static GridPosterior grid(Run run, Observations fields) {
    LogLikelihood likelihood =
        GaussianProcess.likelihood(fields, GaussianProcess.Form.LATTICE, run.device);
    return grid(run, likelihood);
  }

  /// The posterior of a likelihood, exact or learned.
  static GridPosterior grid(Run run, LogLikelihood likelihood) {
    int[] cells = {run.budget.gridCells()};
    return GridPosterior.of(
        GaussianProcess.PRIOR, likelihood, cells, run.device, run.progress(), run.cancellation());
  }

  @Override
  public Map<String, Program> programs(Budget budget, Device device) {
    return Map.of(
        "log-likelihood of "
            + Explanation.FIELDS
            + " fields at "
            + GridPosterior.CHUNK
            + " grid points",
        GridPosterior.program(
            GaussianProcess.PRIOR,
            GaussianProcess.likelihood(
                Explanation.zeros(Explanation.FIELDS), GaussianProcess.Form.LATTICE, device),
            GridPosterior.CHUNK));
  }
}
