package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.List;
import org.amortis.io.Json;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.TrainingOptions;

/// A trained network and the record of its training.
///
/// @param record what its card says about the training; no times
record Fitted(Trained trained, Json.Obj record) {
  /// The record of a training run by its settings.
  ///
  /// @param augmentation what was changed at random in every step, in words
  static Fitted of(Trained trained, Budget budget, TrainingOptions options, String augmentation) {
    List<Json> losses = new ArrayList<>();
    for (Trained.Epoch e : trained.history()) {
      losses.add(new Json.Arr(List.of(Json.of(e.train()), Json.of(e.validation()))));
    }
    return new Fitted(
        trained,
        Json.Obj.empty()
            .with("pairs", budget.train())
            .with("validation_pairs", budget.validation())
            .with("batch", options.batch())
            .with("epochs", options.epochs())
            .with("learning_rate", options.learningRate().toString())
            .with("clip_norm", options.clipNorm())
            .with("seed", options.seed())
            .with("augmentation", augmentation)
            .with("best_epoch", trained.bestEpoch())
            .with("losses", new Json.Arr(losses)));
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
