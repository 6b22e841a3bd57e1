package org.amortis.nn.train;

import java.util.List;
import org.amortis.nn.ParameterLayout;

/// The result of training: parameters of the best epoch and the record of the run.
///
/// @param parameters flat vector of the epoch with the lowest validation loss
/// @param statistics running statistics of that epoch
/// @param history one entry an epoch
/// @param bestEpoch index of the chosen epoch
public record Trained(
    ParameterLayout layout,
    double[] parameters,
    double[] statistics,
    List<Epoch> history,
    int bestEpoch,
    double seconds) {
  /// Mean losses of one epoch.
  ///
  /// @param train mean over the epoch's steps, while the parameters moved
  /// @param validation mean over the validation set at the epoch's end; NaN without one
  public record Epoch(double train, double validation) {}
}
