package org.amortis.nn.train;

import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// What training minimises: the mean over samples of a loss.
@FunctionalInterface
public interface Objective {
  /// Traces the loss of each sample.
  ///
  /// @param scope where parameters come from
  /// @param batch the columns of the training set by name, each `(B, ...)`
  /// @return `(B,)`
  /// @throws org.amortis.engine.shape.ShapeException when a column has not the shape that is asked
  ///   for
  Var losses(Scope scope, Map<String, Var> batch);

  /// Whether the loss of a sample depends on that sample and the parameters alone.
  ///
  /// The gradient of a batch is then the mean of the gradients of its parts, so a trainer without
  /// room for a whole batch may take it in parts. Objectives that compare the samples of a batch
  /// with each other, or normalise by its statistics, answer false.
  default boolean separable() {
    return true;
  }
}
