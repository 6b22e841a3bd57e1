package org.amortis.studies.gp;

import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Objective;

/// A network that is trained on the run's pairs with the usual settings.
///
/// @param objective reads the columns `theta`, `u` and `data`; its text is the architecture
record UsualPart(String name, Objective objective, Seeds seed) implements NetworkPart {
  @Override
  public String architecture() {
    return objective.toString();
  }

  @Override
  public ParameterLayout layout() {
    return Training.layout(objective);
  }

  @Override
  public Fitted train(Run run) {
    return run.training().fit(name, objective, run.training().usual(seed));
  }
}
