package org.amortis.inference.summary;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.math.Special;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Observations;
import org.amortis.nn.Scope;
import org.amortis.nn.train.Trained;

/// Estimated information between parameters and summaries, in nats, on pairs that were not trained
/// on.
///
/// With the trained critic T over all n^2 pairings of n held-out pairs,
///
/// `I_n = (1/n) sum_i [T(theta_i, S_i) - log (1/n) sum_j exp T(theta_j, S_i)]`.
///
/// Its expectation is at most the information whatever T is (van den Oord et al. 2018), and close
/// to it when T is the log ratio up to a function of S: which all objectives of [MutualInformation]
/// aim at, so that their numbers compare. It cannot exceed `log n`. The standard error is that of
/// the mean of the influence function, `T_ii - log Z_i - I_n + 1 - (1/n) sum_k exp T(theta_i, S_k)
/// / Z_k`: each pair also serves as another's contrast.
///
/// @param nats estimate
/// @param standardError of the held-out pairs; not of training
/// @param pairs n
public record Information(double nats, double standardError, int pairs) {
  private static final int ROWS = 1 << 15;

  /// Estimates the information that a trained summary holds about the parameters.
  ///
  /// @param objective what was trained
  /// @param trained its parameters
  /// @param observations held-out data sets, n of them
  /// @param u their unconstrained parameters `(n, p)`
  public static Information heldOut(
      MutualInformation objective,
      Trained trained,
      Observations observations,
      double[] u,
      Device device) {
    int n = observations.count();
    double[] s;
    try (AmortizedSummary summary = new AmortizedSummary(objective, trained, device)) {
      s = summary.apply(observations);
    }
    return of(scores(objective, trained, s, u, n, device), n);
  }

  /// The critic at all pairings: row i has the summaries of pair i, column j the parameters of pair
  /// j.
  private static double[] scores(
      MutualInformation objective, Trained trained, double[] s, double[] u, int n, Device device) {
    int d = s.length / n;
    int p = u.length / n;
    int chunk = StrictMath.max(1, StrictMath.min(n, ROWS / n));
    Trace t = new Trace("critic_pairings");
    Var some = t.data("summaries", Type.f32(chunk, 1, d)).broadcast(chunk, n, d);
    Var all = t.data("u", Type.f32(1, n, p)).broadcast(chunk, n, p);
    Scope scope =
        Scope.frozen(
            t, DType.FLOAT32, trained.layout(), trained.parameters(), trained.statistics());
    Var critic = objective.scores(scope, all.reshape(chunk * n, p), some.reshape(chunk * n, d));
    t.output("scores", critic);
    double[] scores = new double[n * n];
    try (Executable e = device.bind(t.program())) {
      e.input("u").write(u, 0);
      for (int from = 0; from < n; from += chunk) {
        int start = StrictMath.min(from, n - chunk);
        e.input("summaries").write(s, start * d);
        e.run();
        System.arraycopy(e.output("scores").doubles(), 0, scores, start * n, chunk * n);
      }
    }
    return scores;
  }

  private static Information of(double[] scores, int n) {
    double[] gain = new double[n];
    double[] share = new double[n];
    double[] row = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      System.arraycopy(scores, i * n, row, 0, n);
      double log = Special.logSumExp(row);
      gain[i] = row[i] - log + StrictMath.log(n);
      sum += gain[i];
      for (int j = 0; j < n; j++) {
        share[j] += Special.exp(row[j] - log);
      }
    }
    double mean = sum / n;
    double square = 0;
    for (int i = 0; i < n; i++) {
      double influence = gain[i] - mean + 1 - share[i];
      square += influence * influence;
    }
    return new Information(mean, StrictMath.sqrt(square / (n - 1) / n), n);
  }
}
