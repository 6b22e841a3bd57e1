package org.amortis.inference.likelihood;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;
import org.amortis.nn.flow.Standardise;

/// Means and standard deviations of summaries, by which learned likelihoods and networks that read
/// summaries standardise them: `(s - mean) / sd`.
///
/// x `(..., d)`, y alike.
///
/// They are stored with the network as statistics that training leaves as they are, so that a file
/// is read without knowing them: two likelihoods that differ in these numbers alone have the same
/// description.
///
/// @param mean of each summary
/// @param sd of each summary, positive
public record Scaling(List<Double> mean, List<Double> sd) implements Network {
  /// Copies the moments.
  ///
  /// @throws IllegalArgumentException when their numbers differ or an sd is not positive
  public Scaling {
    mean = List.copyOf(mean);
    sd = List.copyOf(sd);
    if (mean.isEmpty() || mean.size() != sd.size() || sd.stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException(
          "scaling needs as many means as positive sds, found " + mean + " and " + sd);
    }
  }

  /// Mean 0 and standard deviation 1.
  public static Scaling none(int summaries) {
    return new Scaling(Collections.nCopies(summaries, 0.0), Collections.nCopies(summaries, 1.0));
  }

  /// The moments of the given summaries; the standard deviation has the divisor n - 1.
  ///
  /// @param summaries `(n, d)`, n at least 2
  public static Scaling of(double[] summaries, int d) {
    Standardise s = Standardise.of(summaries, d);
    List<Double> sd = new ArrayList<>();
    for (double v : s.sd()) {
      // A summary that never changes is left as it is.
      sd.add(v > 1e-12 ? v : 1.0);
    }
    return new Scaling(s.mean(), sd);
  }

  /// Number of summaries d.
  public int size() {
    return mean.size();
  }

  /// Standardised summaries and the log-determinant of doing so.
  ///
  /// @param value `(..., d)`
  /// @param ladj minus the sum of log sd, `(1,)`
  record Scaled(Var value, Var ladj) {}

  Scaled forward(Scope scope, Var x) {
    Var sd = sd(scope);
    return new Scaled(x.sub(mean(scope)).div(sd), sd.log().sum().neg().reshape(1));
  }

  /// Standardised summaries, for networks that read them.
  @Override
  public Var apply(Scope scope, Var x) {
    return forward(scope, x).value();
  }

  Var inverse(Scope scope, Var latent) {
    Var sd = sd(scope);
    return latent.mul(sd).add(mean(scope));
  }

  private Var mean(Scope scope) {
    return scope.statistic("mean", values(mean), size());
  }

  private Var sd(Scope scope) {
    return scope.statistic("sd", values(sd), size());
  }

  private static Initializer values(List<Double> list) {
    return new Initializer.Values(list.stream().mapToDouble(v -> v).toArray());
  }

  @Override
  public String toString() {
    return "Scaling[" + size() + "]";
  }
}
