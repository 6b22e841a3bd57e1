package org.amortis.studies.gp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.TrainingOptions;

/// A trained network on disk: safetensors with the parameters by name and a versioned JSON card.
///
/// The card says what the network is (study, method, architecture, prior) and how it was trained
/// (budget, options, losses). It holds no times, so that equal runs write equal bytes.
public final class NetworkCard {
  private static final String STUDY = "gp";

  private NetworkCard() {}

  /// What a file holds.
  public record Content(
      String method, double[] parameters, List<Trained.Epoch> history, int bestEpoch) {}

  /// Writes a trained network.
  static void write(
      OutputStream out,
      String method,
      String architecture,
      Trained trained,
      Budget budget,
      TrainingOptions options)
      throws IOException {
    List<Json> losses = new ArrayList<>();
    for (Trained.Epoch e : trained.history()) {
      losses.add(new Json.Arr(List.of(Json.of(e.train()), Json.of(e.validation()))));
    }
    Json.Obj prior =
        Json.Obj.empty()
            .with("parameter", "theta")
            .with("distribution", "uniform")
            .with("low", 0.0)
            .with("high", GaussianProcess.UPPER)
            .with("bijection", "probit");
    Json.Obj training =
        Json.Obj.empty()
            .with("pairs", budget.train())
            .with("validation_pairs", budget.validation())
            .with("batch", options.batch())
            .with("epochs", options.epochs())
            .with("learning_rate", options.learningRate().toString())
            .with("clip_norm", options.clipNorm())
            .with("seed", options.seed())
            .with("augmentation", "lattice symmetries and sign")
            .with("best_epoch", trained.bestEpoch())
            .with("losses", new Json.Arr(losses));
    Json.Obj card =
        Json.Obj.empty()
            .with("study", STUDY)
            .with("method", method)
            .with("prior", prior)
            .with("data", "fields (16, 16), float32, no scaling")
            .with("training", training);
    NetworkFile.write(
        out, trained.layout(), trained.parameters(), trained.statistics(), architecture, card);
  }

  /// Reads a network and checks it against what its method is in this version.
  ///
  /// @throws Failure DATA for a damaged file, a newer card, another study or other parameters
  static Content read(Path file, String method, Objective objective) {
    return naming(file, () -> content(file, method, objective));
  }

  private static Content content(Path file, String method, Objective objective) {
    Json.Obj card = card(file);
    String found = text(file, card, "method");
    if (!found.equals(method)) {
      throw Failure.data(file + ": holds the network of method " + found + ", expected " + method);
    }
    double[] parameters =
        NetworkFile.read(file, Training.layout(objective), objective.toString()).parameters();
    List<Trained.Epoch> history = new ArrayList<>();
    if (!(card.require("training") instanceof Json.Obj training)
        || !(training.require("losses") instanceof Json.Arr losses)
        || !(training.require("best_epoch") instanceof Json.Num best)) {
      throw Failure.data(file + ": the card's training record is damaged");
    }
    for (Json item : losses.items()) {
      List<Json> pair = item instanceof Json.Arr a ? a.items() : List.of();
      if (pair.size() != 2) {
        throw Failure.data(file + ": the card's training record is damaged");
      }
      history.add(new Trained.Epoch(number(pair.get(0)), number(pair.get(1))));
    }
    return new Content(method, parameters, history, (int) best.asLong());
  }

  /// The method whose network a file holds.
  static String method(Path file) {
    return naming(file, () -> text(file, card(file), "method"));
  }

  /// Puts the file's name before failures that do not know it.
  private static <T> T naming(Path file, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Failure f) {
      if (f.getMessage().contains(file.toString())) {
        throw f;
      }
      throw Failure.data(file + ": its card has " + f.getMessage()).causedBy(f);
    }
  }

  private static Json.Obj card(Path file) {
    Json.Obj card = NetworkFile.card(file);
    if (!card.get("study").equals(Optional.of(Json.of(STUDY)))) {
      throw Failure.data(file + ": not a network of the gp study");
    }
    return card;
  }

  private static String text(Path file, Json.Obj card, String key) {
    if (card.require(key) instanceof Json.Str s) {
      return s.value();
    }
    throw Failure.data(file + ": member " + key + " of the card is no text");
  }

  private static double number(Json j) {
    return j instanceof Json.Num n ? n.asDouble() : Double.NaN;
  }
}
