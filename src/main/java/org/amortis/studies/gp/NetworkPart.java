package org.amortis.studies.gp;

import org.amortis.nn.ParameterLayout;

/// One network of a method, and how it is trained.
interface NetworkPart {
  /// Name of the network, unique in the study unless it is the same network.
  String name();

  /// The architecture as text; a file with another one is refused.
  String architecture();

  /// The tensors it declares.
  ParameterLayout layout();

  /// Trains it: a pure function of the run's seed and budget.
  ///
  /// Pairs and the usual settings come from `run.training()`, networks it builds on from
  /// `run.networks().part(other)`.
  Fitted train(Run run);
}
