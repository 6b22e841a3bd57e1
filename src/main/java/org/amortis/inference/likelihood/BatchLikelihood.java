package org.amortis.inference.likelihood;

import java.util.Map;
import org.amortis.engine.program.Var;

/// A log-likelihood, exact, synthetic or learned, of the data sets of a batch: what training steps
/// and refinements differentiate with respect to theta.
///
/// A likelihood-to-evidence ratio serves as well: it differs by a term that does not depend on
/// theta.
@FunctionalInterface
public interface BatchLikelihood {
  /// Traces the log-likelihood; differentiable in theta.
  ///
  /// @param theta `(B * repeat, p)` in natural units; rows `b repeat` to `(b + 1) repeat - 1`
  ///   belong to data set b
  /// @param batch the columns of the data sets by name, each `(B, ...)`
  /// @param repeat parameters a data set
  /// @return `(B * repeat,)`
  Var of(Var theta, Map<String, Var> batch, int repeat);
}
