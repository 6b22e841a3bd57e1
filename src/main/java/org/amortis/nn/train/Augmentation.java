package org.amortis.nn.train;

import java.util.Map;
import org.amortis.engine.program.Var;

/// Random changes of a batch under which the model's law is invariant, drawn anew in every step.
@FunctionalInterface
public interface Augmentation {
  /// No change.
  Augmentation NONE = (batch, key) -> batch;

  /// First stream number of draws made by augmentations.
  int STREAM = 500;

  /// Traces the change.
  ///
  /// @param batch columns by name, each `(B, ...)`; not modified
  /// @param key `i32(3,)` key of random draws: seed low, seed high, step
  /// @return the columns after the change, of the same shapes
  Map<String, Var> apply(Map<String, Var> batch, Var key);

  /// This change and then another one.
  default Augmentation then(Augmentation next) {
    return (batch, key) -> next.apply(apply(batch, key), key);
  }
}
