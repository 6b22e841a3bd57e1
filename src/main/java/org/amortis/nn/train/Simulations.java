package org.amortis.nn.train;

/// Where the training pairs of an epoch come from: a fixed set, fresh simulation, or a mix of both.
///
/// Implementations are pure functions of the epoch, so that training repeats byte for byte.
@FunctionalInterface
public interface Simulations {
  /// The training pairs of an epoch, always equally many; the same object as for the epoch before
  /// when nothing changes.
  ///
  /// @param epoch 0 for the first
  Dataset epoch(int epoch);

  /// The same pairs in every epoch.
  static Simulations fixed(Dataset data) {
    return epoch -> data;
  }

  /// Fresh pairs in every epoch.
  ///
  /// @param simulator makes the pairs of the epoch it is given
  static Simulations fresh(java.util.function.IntFunction<Dataset> simulator) {
    return new Fresh(simulator, 1);
  }

  /// Pairs that are made anew every `epochs` epochs.
  ///
  /// @param simulator makes the pairs of a round: epochs 0 to `epochs - 1` are round 0
  /// @param epochs at least 1
  static Simulations refreshed(java.util.function.IntFunction<Dataset> simulator, int epochs) {
    return new Fresh(simulator, epochs);
  }

  /// Fixed pairs followed by fresh ones that change in every epoch.
  ///
  /// An epoch throws `IllegalArgumentException` when the columns of both differ.
  ///
  /// @param fixed pairs of every epoch
  /// @param simulator makes the further pairs of the epoch it is given
  static Simulations mixed(Dataset fixed, java.util.function.IntFunction<Dataset> simulator) {
    return epoch -> Mix.join(fixed, simulator.apply(epoch));
  }
}
