package org.amortis.studies.gp;

import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.io.Json;
import org.amortis.nn.train.Trained;

/// A method whose trained networks give posterior draws for any field, in a study and in `amortis
/// sample`.
interface AmortizedMethod extends Method {
  /// Draws from trained networks.
  @FunctionalInterface
  interface Sampler extends AutoCloseable {
    /// Draws for each field, strictly inside the prior.
    ///
    /// @return `(n, draws)`
    double[] sample(
        Observations fields, int draws, long seed, Progress progress, Cancellation cancellation);

    /// What run.json should say about the last draws, for instance acceptance.
    default Json.Obj facts() {
      return Json.Obj.empty();
    }

    @Override
    default void close() {}
  }

  /// Makes a sampler of trained networks.
  ///
  /// @param networks in the order of [#parts]
  Sampler sampler(List<Trained> networks, Budget budget, Device device);

  @Override
  default MethodResult run(Run run) {
    List<Trained> networks = run.networks().of(this);
    int draws = run.budget.draws();
    String all = "draws_" + name() + ".npy";
    String micro = "micro_" + name() + ".npy";
    if (!run.files.has(all) || !run.files.has(micro)) {
      try (Sampler sampler = sampler(networks, run.budget, run.device)) {
        long seed = run.seed(Seeds.MICRO_DRAWS);
        double[] few = sampler.sample(run.micro, draws, seed, Progress.NONE, run.cancellation());
        run.files.write(micro, few, run.micro.count(), draws);
        long started = System.nanoTime();
        double[] many =
            sampler.sample(
                run.test.fields(),
                draws,
                run.seed(Seeds.DRAWS),
                run.progress(),
                run.cancellation());
        double seconds = (System.nanoTime() - started) * 1e-9;
        // Facts before files: a finished file is never computed again.
        run.files.record(
            name(), sampler.facts().with("seconds_per_field", seconds / run.test.count()));
        run.files.write(all, many, run.test.count(), draws);
      }
    }
    return new MethodResult(
        name(), run.files.read(all), null, run.files.read(micro), null, networks);
  }
}
