package org.amortis.studies.msp;

import org.amortis.nn.train.Objective;

/// A method with a network.
interface NetworkMethod extends Method {
  /// What is trained; reads the columns `theta`, `u` and `data`, and its text is the architecture.
  Objective objective();

  /// The seed of its training.
  Seeds seed();

  /// The file that holds its network.
  default String file() {
    return name() + ".safetensors";
  }
}
