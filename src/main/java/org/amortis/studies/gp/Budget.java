package org.amortis.studies.gp;

import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.io.Json;
import org.amortis.studies.StudyOptions.Profile;

/// What a profile spends.
///
/// @param train training pairs
/// @param validation validation pairs
/// @param test test fields
/// @param epochs passes over the training pairs
/// @param draws posterior draws a field
/// @param gridCells cells of the exact posterior
/// @param mcmc settings of the Markov chains
public record Budget(
    int train,
    int validation,
    int test,
    int epochs,
    int draws,
    int gridCells,
    MetropolisOptions mcmc) {

  /// The budget of a profile.
  public static Budget of(Profile profile) {
    return switch (profile) {
      case QUICK -> new Budget(2_000, 500, 100, 8, 300, 1_200, adaptive(500, 200, 300));
      case STANDARD ->
          new Budget(16_000, 2_000, 1_000, 30, 1_000, 1_200, adaptive(2_000, 500, 1_000));
      case PAPER ->
          new Budget(
              160_000,
              20_000,
              1_000,
              12,
              1_000,
              1_200,
              new MetropolisOptions(
                  24_000,
                  4_000,
                  1_000,
                  1,
                  new Start.At(GaussianProcess.UPPER),
                  0.06,
                  Adaptation.Bands.published()));
    };
  }

  private static MetropolisOptions adaptive(int steps, int burnIn, int draws) {
    return new MetropolisOptions(
        steps, burnIn, draws, 1, new Start.FromPrior(), 0.06, Adaptation.RobbinsMonro.standard());
  }

  /// All of it, for the settings in run.json: equal budgets give equal text in every process.
  Json.Obj json() {
    Json.Obj chain =
        Json.Obj.empty()
            .with("steps", mcmc.steps())
            .with("burn_in", mcmc.burnIn())
            .with("draws", mcmc.draws())
            .with("chains", mcmc.chains())
            .with("start", mcmc.start().toString())
            .with("scale", mcmc.scale())
            .with("adaptation", mcmc.adaptation().toString());
    return Json.Obj.empty()
        .with("train", train)
        .with("validation", validation)
        .with("test", test)
        .with("epochs", epochs)
        .with("draws", draws)
        .with("grid_cells", gridCells)
        .with("mcmc", chain);
  }

  /// The same budget with another number of test fields.
  public Budget withTest(int fields) {
    return new Budget(train, validation, fields, epochs, draws, gridCells, mcmc);
  }
}
