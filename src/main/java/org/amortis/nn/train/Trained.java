package org.amortis.nn.train;

import java.util.List;
import org.amortis.nn.ParameterLayout;

/// The result of training: parameters of the best epoch and the record of the run.
///
/// @param layout where each tensor lies in the vectors
/// @param parameters flat vector at the end of the epoch with the lowest validation loss; of the
///   last epoch where there is no validation set
/// @param statistics running statistics at that time, empty when there are none
/// @param history one entry an epoch
/// @param bestEpoch index of the chosen epoch, 0 for the first
/// @param seconds wall-clock time of the training
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
