package org.amortis.studies.msp;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.nn.train.Trained;

/// A method whose network gives posterior draws for any field, in the study and in `amortis
/// sample`.
interface DrawsMethod extends NetworkMethod {
  /// Draws for each field, strictly inside the prior.
  ///
  /// @param cells cells of a grid a parameter, where one is needed
  /// @return `(n, draws, 2)`
  double[] draws(
      Trained network,
      Device device,
      Observations fields,
      int draws,
      int cells,
      long seed,
      Progress progress,
      Cancellation cancellation);

  @Override
  default Found run(Run run) {
    Trained network = run.network(this);
    Budget b = run.budget;
    String all = "draws_" + name() + ".npy";
    String micro = "micro_" + name() + ".npy";
    if (!run.files.has(micro)) {
      long seed = run.seed(Seeds.MICRO_DRAWS);
      run.files.write(
          micro,
          draws(
              network,
              run.device,
              run.micro,
              b.draws(),
              b.gridCells(),
              seed,
              Progress.NONE,
              run.cancellation()),
          run.micro.count(),
          b.draws(),
          2);
    }
    if (!run.files.has(all)) {
      long started = System.nanoTime();
      double[] many =
          draws(
              network,
              run.device,
              run.test.fields(),
              b.draws(),
              b.gridCells(),
              run.seed(Seeds.DRAWS),
              run.progress(),
              run.cancellation());
      Method.took(run, name(), started);
      run.files.write(all, many, run.test.count(), b.draws(), 2);
    }
    return Found.draws(this, run.files.read(all), run.files.read(micro), network);
  }
}
