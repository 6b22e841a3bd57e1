package org.amortis.studies.gp;

import org.amortis.inference.mcmc.Chains;
import org.amortis.io.Json;

/// Facts about Markov chains for run.json.
final class Diagnostics {
  private Diagnostics() {}

  static Json.Obj of(Chains chains) {
    return Json.Obj.empty().with("acceptance", chains.meanAcceptance());
  }
}
