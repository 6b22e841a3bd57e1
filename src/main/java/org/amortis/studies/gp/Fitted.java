package org.amortis.studies.gp;

import org.amortis.io.Json;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.studies.StudyCard;

/// A trained network and the record of its training.
///
/// @param record what its card says about the training; no times
record Fitted(Trained trained, Json.Obj record) {
  /// The record of a training run by its settings.
  ///
  /// @param augmentation what was changed at random in every step, in words
  static Fitted of(Trained trained, Budget budget, TrainingOptions options, String augmentation) {
    return new Fitted(
        trained,
        StudyCard.training(trained, budget.train(), budget.validation(), options, augmentation));
  }

  /// The same network with the seconds its training took; a file does not say them.
  Fitted took(double seconds) {
    Trained t = trained;
    return new Fitted(
        new Trained(
            t.layout(), t.parameters(), t.statistics(), t.history(), t.bestEpoch(), seconds),
        record);
  }
}
