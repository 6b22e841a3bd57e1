package org.amortis.bench.lab;

import java.util.function.Supplier;

/// One op, or a short chain of them, at one extent.
///
/// @param family the file of `kernels/` it is about
/// @param name op and extent
/// @param ulps how far a result may be from the oracle, in units in the last place of the largest
///   value
/// @param small a small case of odd extents, run at every launch size
/// @param full the case that is timed
/// @param onGpu whether the full case is for GPUs only
record Experiment(
    String family,
    String name,
    double ulps,
    Supplier<Task> small,
    Supplier<Task> full,
    boolean onGpu) {

  static Experiment of(
      String family, String name, double ulps, Supplier<Task> small, Supplier<Task> full) {
    return new Experiment(family, name, ulps, small, full, false);
  }

  /// The same, timed on GPUs only.
  Experiment forGpus() {
    return new Experiment(family, name, ulps, small, full, true);
  }
}
