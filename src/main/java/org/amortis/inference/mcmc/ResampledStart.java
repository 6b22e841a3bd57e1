package org.amortis.inference.mcmc;

import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.LogLikelihood;

/// First points by sampling-importance resampling: draws from the prior, chosen again with
/// probabilities proportional to their likelihoods (Rubin 1988).
///
/// A learned likelihood may have local modes of no weight where no simulation came near; a chain
/// that starts at a draw from the prior can stay there. The draws are shared by all data sets.
public final class ResampledStart {
  private static final long SALT = 0x2545F4914F6CDD1DL;
  private static final int STREAM = 33;
  private static final int CHUNK = 64;

  private ResampledStart() {}

  /// First points of the chains of each data set: systematic resampling of the candidates with
  /// weights `p(Z | theta)`.
  ///
  /// @param chains chains a data set
  /// @param candidates draws from the prior, rounded up to a multiple of 64
  /// @throws Failure of kind DATA when no draw has a finite likelihood for some data set
  public static Start.Each of(
      Prior prior, LogLikelihood likelihood, int chains, int candidates, long seed, Device device) {
    int p = prior.size();
    int f = likelihood.count();
    int k = (candidates + CHUNK - 1) / CHUNK * CHUNK;
    double[] theta = prior.sample(seed ^ SALT, 0, k);
    double[] log = new double[k * f];
    Trace t = new Trace("resampled_start");
    t.output("log_likelihood", likelihood.all(t.data("theta", Type.f64(CHUNK, p))));
    try (Executable e = device.bind(t.program())) {
      likelihood.bind(e);
      for (int from = 0; from < k; from += CHUNK) {
        e.input("theta").write(theta, from * p);
        e.run();
        System.arraycopy(e.output("log_likelihood").doubles(), 0, log, from * f, CHUNK * f);
      }
    }
    double[] first = new double[f * chains * p];
    double[] uniform = new double[f];
    Streams.uniformInto(new RandomKey(seed ^ SALT, STREAM), 0, 0, f, uniform, 0);
    double[] row = new double[k];
    for (int i = 0; i < f; i++) {
      for (int j = 0; j < k; j++) {
        row[j] = log[j * f + i];
      }
      double total = Special.logSumExp(row);
      if (!Double.isFinite(total)) {
        throw Failure.data(
            "metropolis-hastings: no draw from the prior has a finite likelihood for data set "
                + i);
      }
      // Evenly spaced levels with one random shift a data set.
      int at = 0;
      double sum = Special.exp(row[0] - total);
      for (int c = 0; c < chains; c++) {
        double level = (c + uniform[i]) / chains;
        while (sum < level && at < k - 1) {
          sum += Special.exp(row[++at] - total);
        }
        System.arraycopy(theta, at * p, first, (i * chains + c) * p, p);
      }
    }
    return new Start.Each(first);
  }
}
