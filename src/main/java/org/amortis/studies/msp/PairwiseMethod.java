package org.amortis.studies.msp;

import org.amortis.engine.Progress;

/// Maximum pairwise likelihood: point estimates, no training.
record PairwiseMethod() implements Method {
  @Override
  public String name() {
    return "pairwise";
  }

  @Override
  public String label() {
    return "pairwise likelihood";
  }

  @Override
  public Found run(Run run) {
    int threads = run.options.threads();
    if (!run.files.has("micro_pairwise.npy")) {
      double[] few =
          PairwiseLikelihood.maximise(run.micro, threads, Progress.NONE, run.cancellation());
      run.files.write("micro_pairwise.npy", few, run.micro.count(), 2);
    }
    if (!run.files.has("estimates_pairwise.npy")) {
      long started = System.nanoTime();
      double[] all =
          PairwiseLikelihood.maximise(
              run.test.fields(), threads, run.progress(), run.cancellation());
      Method.took(run, name(), started);
      run.files.write("estimates_pairwise.npy", all, run.test.count(), 2);
    }
    return Found.points(
        this, run.files.read("estimates_pairwise.npy"), run.files.read("micro_pairwise.npy"));
  }
}
