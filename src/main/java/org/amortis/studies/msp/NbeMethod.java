package org.amortis.studies.msp;

import org.amortis.inference.point.AmortizedEstimator;
import org.amortis.inference.point.NeuralBayesEstimator;
import org.amortis.nn.train.Trained;

/// Neural Bayes estimator: posterior means and intervals, no draws.
record NbeMethod() implements NetworkMethod {
  @Override
  public String name() {
    return "nbe";
  }

  @Override
  public String label() {
    return "NBE";
  }

  @Override
  public NeuralBayesEstimator objective() {
    return Models.nbe();
  }

  @Override
  public Seeds seed() {
    return Seeds.NBE;
  }

  @Override
  public Found run(Run run) {
    Trained network = run.network(this);
    if (!run.files.has("estimates_nbe.npy") || !run.files.has("micro_nbe.npy")) {
      try (AmortizedEstimator e = new AmortizedEstimator(objective(), network, run.device)) {
        run.files.write("micro_nbe.npy", e.estimate(run.micro), run.micro.count(), 3, 2);
        long started = System.nanoTime();
        double[] all = e.estimate(run.test.fields(), run.progress(), run.cancellation());
        Method.took(run, name(), started);
        run.files.write("estimates_nbe.npy", all, run.test.count(), 3, 2);
      }
    }
    return Found.intervals(
        this, run.files.read("estimates_nbe.npy"), run.files.read("micro_nbe.npy"), network);
  }
}
