package org.amortis.inference.likelihood;

import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Var;

/// Log-likelihoods of F data sets, traced into a program. Samplers and grids know nothing else of a
/// model. Legend: F data sets, p parameters, G points.
public interface LogLikelihood {
  /// Number of data sets F.
  int count();

  /// Traces the log-likelihood of every data set at its own parameters.
  ///
  /// @param theta float64 `(F * repeat, p)`; rows `f repeat` to `(f + 1) repeat - 1` belong to data
  ///   set f
  /// @param repeat parameters a data set, for instance chains
  /// @return `(F * repeat,)`
  Var each(Var theta, int repeat);

  /// Traces the log-likelihood of every data set at every row of theta.
  ///
  /// @param theta float64 `(G, p)`
  /// @return `(G, F)`
  /// @throws UnsupportedOperationException for a likelihood that is for chains only
  Var all(Var theta);

  /// Writes the data into a program that traced this likelihood.
  void bind(Executable program);
}
