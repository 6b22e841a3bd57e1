package org.amortis.studies.gp;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.point.AmortizedEstimator;
import org.amortis.inference.point.NeuralBayesEstimator;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.io.Json;
import org.amortis.io.NpyArray;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LatticeSymmetry;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;

/// The methods of the study: each finds its finished parts in the run folder and computes the rest.
final class Methods {
  private final Run run;
  private Dataset training;
  private Dataset validation;

  Methods(Run run) {
    this.run = run;
  }

  MethodResult run(String method) {
    return switch (method) {
      case "exact" -> exact();
      case "mcmc" -> mcmc();
      case "nbe" -> nbe();
      case "fkl" -> fkl();
      default -> throw Failure.usage("study gp has no method " + method);
    };
  }

  private Observations fields() {
    return run.test.fields();
  }

  private MethodResult exact() {
    int n = run.test.count();
    if (!run.folder.has("exact.npz") || !run.folder.has("draws_exact.npy")) {
      long started = System.nanoTime();
      GridPosterior p = grid(fields());
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
      double[] draws = inverseTransform(p);
      double seconds = (System.nanoTime() - started) * 1e-9;
      // Facts before files: a finished file is never computed again.
      run.record("exact", Json.Obj.empty().with("seconds_per_field", seconds / n));
      run.writeNpz("exact.npz", arrays);
      run.write("draws_exact.npy", draws, n, run.budget.draws());
    }
    if (!run.folder.has("micro_exact.npy")) {
      double[] draws = inverseTransform(grid(run.micro));
      run.write("micro_exact.npy", draws, run.micro.count(), run.budget.draws());
    }
    // The report shows the exact posterior of the micro-test fields from its grid, not from draws.
    return new MethodResult("exact", run.read("draws_exact.npy"), null, null, null, List.of());
  }

  /// Draws at the levels (d + 1/2) / draws of each posterior's distribution function.
  private double[] inverseTransform(GridPosterior p) {
    double[] levels = new double[run.budget.draws()];
    for (int d = 0; d < levels.length; d++) {
      levels[d] = (d + 0.5) / levels.length;
    }
    double[] draws = new double[p.count() * levels.length];
    for (int i = 0; i < p.count(); i++) {
      System.arraycopy(p.quantiles(i, 0, levels), 0, draws, i * levels.length, levels.length);
    }
    return draws;
  }

  /// The exact posterior of some fields.
  GridPosterior grid(Observations fields) {
    LogLikelihood likelihood =
        GaussianProcess.likelihood(fields, GaussianProcess.Form.LATTICE, run.device);
    int[] cells = {run.budget.gridCells()};
    return GridPosterior.of(
        GaussianProcess.PRIOR, likelihood, cells, run.device, run.progress(), run.cancellation());
  }

  private MethodResult mcmc() {
    MetropolisOptions o = run.budget.mcmc();
    if (!run.folder.has("draws_mcmc.npy")) {
      long started = System.nanoTime();
      Chains chains = chains(fields(), Seeds.MCMC);
      double seconds = (System.nanoTime() - started) * 1e-9;
      run.record(
          "mcmc", Diagnostics.of(chains).with("seconds_per_field", seconds / run.test.count()));
      run.write("draws_mcmc.npy", chains.theta(), run.test.count(), o.draws());
    }
    if (!run.folder.has("micro_mcmc.npy")) {
      Chains chains = chains(run.micro, Seeds.MICRO_MCMC);
      run.write("micro_mcmc.npy", chains.theta(), run.micro.count(), o.draws());
    }
    return new MethodResult(
        "mcmc", run.read("draws_mcmc.npy"), null, run.read("micro_mcmc.npy"), null, List.of());
  }

  private Chains chains(Observations fields, Seeds part) {
    LogLikelihood likelihood =
        GaussianProcess.likelihood(fields, GaussianProcess.Form.CHEBYSHEV, run.device);
    return new Metropolis(run.device, run.progress(), run.cancellation())
        .sample(GaussianProcess.PRIOR, likelihood, run.budget.mcmc(), run.seed(part));
  }

  private MethodResult nbe() {
    NeuralBayesEstimator model = Models.nbe();
    NetworkCard.Content network = network("nbe", model, model.toString(), Seeds.NBE);
    if (!run.folder.has("estimates_nbe.npy") || !run.folder.has("micro_nbe.npy")) {
      try (AmortizedEstimator e =
          new AmortizedEstimator(
              model, Training.layout(model), network.parameters(), new double[0], run.device)) {
        run.write("micro_nbe.npy", e.estimate(run.micro), run.micro.count(), 3);
        long started = System.nanoTime();
        double[] estimates = e.estimate(fields(), run.progress(), run.cancellation());
        double seconds = (System.nanoTime() - started) * 1e-9;
        run.record("nbe", Json.Obj.empty().with("seconds_per_field", seconds / run.test.count()));
        run.write("estimates_nbe.npy", estimates, run.test.count(), 3);
      }
    }
    return new MethodResult(
        "nbe",
        null,
        run.read("estimates_nbe.npy"),
        null,
        run.read("micro_nbe.npy"),
        network.history());
  }

  private MethodResult fkl() {
    NeuralPosterior model = Models.fkl();
    NetworkCard.Content network = network("fkl", model, model.toString(), Seeds.FKL);
    int draws = run.budget.draws();
    if (!run.folder.has("draws_fkl.npy") || !run.folder.has("micro_fkl.npy")) {
      try (AmortizedPosterior p =
          new AmortizedPosterior(
              model, Training.layout(model), network.parameters(), new double[0], run.device)) {
        double[] micro = p.sample(run.micro, draws, run.seed(Seeds.MICRO_DRAWS));
        run.write("micro_fkl.npy", micro, run.micro.count(), draws);
        long started = System.nanoTime();
        double[] all =
            p.sample(fields(), draws, run.seed(Seeds.DRAWS), run.progress(), run.cancellation());
        double seconds = (System.nanoTime() - started) * 1e-9;
        run.record("fkl", Json.Obj.empty().with("seconds_per_field", seconds / run.test.count()));
        run.write("draws_fkl.npy", all, run.test.count(), draws);
      }
    }
    return new MethodResult(
        "fkl", run.read("draws_fkl.npy"), null, run.read("micro_fkl.npy"), null, network.history());
  }

  /// The trained network of a method: found in the folder, taken from an earlier run, or trained
  /// now.
  private NetworkCard.Content network(
      String method, Objective objective, String architecture, Seeds part) {
    String name = method + ".safetensors";
    if (!run.folder.has(name)) {
      if (run.options.networks().isPresent()) {
        adopt(method);
      } else {
        train(method, objective, architecture, part);
      }
    }
    return NetworkCard.read(run.folder.path(name), method, objective);
  }

  private void adopt(String method) {
    try {
      run.adopt(method);
    } catch (IOException e) {
      throw Failure.storage(run.network(method) + ": cannot be read: " + e.getMessage())
          .causedBy(e);
    }
  }

  private void train(String method, Objective objective, String architecture, Seeds part) {
    if (training == null) {
      training = Training.dataset(pairs(run.budget.train(), Seeds.TRAIN));
      validation = Training.dataset(pairs(run.budget.validation(), Seeds.VALIDATION));
    }
    TrainingOptions options =
        new TrainingOptions(
            32,
            run.budget.epochs(),
            0,
            new LearningRate.WarmupCosine(1e-3, 0.02, 0),
            5,
            0,
            run.seed(part));
    Trained trained =
        new Trainer(run.device, run.progress(), run.cancellation())
            .fit(
                method,
                objective,
                Simulations.fixed(training),
                validation,
                new LatticeSymmetry("data", GaussianProcess.SIDE, true),
                options);
    run.record(
        method,
        Json.Obj.empty()
            .with("train_seconds", trained.seconds())
            .with("epochs", trained.history().size())
            .with("best_epoch", trained.bestEpoch())
            .with("train_loss", Json.of(losses(trained, true)))
            .with("validation_loss", Json.of(losses(trained, false))));
    run.folder.write(
        method + ".safetensors",
        out -> NetworkCard.write(out, method, architecture, trained, run.budget, options));
  }

  private static double[] losses(Trained t, boolean train) {
    return t.history().stream().mapToDouble(e -> train ? e.train() : e.validation()).toArray();
  }

  private GaussianProcess.Pairs pairs(int n, Seeds part) {
    return GaussianProcess.simulate(
        n, run.seed(part), run.device, run.progress(), run.cancellation());
  }
}
