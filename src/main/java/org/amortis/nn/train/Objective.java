package org.amortis.nn.train;

import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// What training minimises: the mean over samples of a loss.
@FunctionalInterface
public interface Objective {
  /// Traces the loss of each sample.
  ///
  /// @param scope parameters
  /// @param batch the columns of the training set by name, each `(B, ...)`
  /// @return `(B,)`
  Var losses(Scope scope, Map<String, Var> batch);
}
