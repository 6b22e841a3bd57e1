package org.amortis.studies.gp;

import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;
import org.amortis.inference.point.AmortizedEstimator;
import org.amortis.inference.point.NeuralBayesEstimator;
import org.amortis.io.Json;
import org.amortis.nn.train.Trained;

/// Neural Bayes estimator: posterior mean and an interval, no draws.
record NbeMethod() implements Method {
  @Override
  public String name() {
    return "nbe";
  }

  @Override
  public String label() {
    return "NBE";
  }

  @Override
  public String description() {
    return "neural Bayes estimator of the mean and two quantiles";
  }

  @Override
  public List<NetworkPart> parts() {
    return List.of(new UsualPart("nbe", Models.nbe(), Seeds.NBE));
  }

  @Override
  public MethodResult run(Run run) {
    NeuralBayesEstimator model = Models.nbe();
    List<Trained> networks = run.networks().of(this);
    if (!run.files.has("estimates_nbe.npy") || !run.files.has("micro_nbe.npy")) {
      try (AmortizedEstimator e = new AmortizedEstimator(model, networks.getFirst(), run.device)) {
        run.files.write("micro_nbe.npy", e.estimate(run.micro), run.micro.count(), 3);
        long started = System.nanoTime();
        double[] estimates = e.estimate(run.test.fields(), run.progress(), run.cancellation());
        double seconds = (System.nanoTime() - started) * 1e-9;
        run.files.record(
            "nbe", Json.Obj.empty().with("seconds_per_field", seconds / run.test.count()));
        run.files.write("estimates_nbe.npy", estimates, run.test.count(), 3);
      }
    }
    return new MethodResult(
        "nbe",
        null,
        run.files.read("estimates_nbe.npy"),
        null,
        run.files.read("micro_nbe.npy"),
        networks);
  }

  @Override
  public Map<String, Program> programs(Budget budget, Device device) {
    return Map.of("one training step, batch 32", Explanation.training(Models.nbe(), budget));
  }
}
