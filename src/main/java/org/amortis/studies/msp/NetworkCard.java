package org.amortis.studies.msp;

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
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.TrainingOptions;

/// The trained network of a method on disk: safetensors with the parameters by name and a versioned
/// JSON card, which holds no times, so that equal runs write equal bytes.
final class NetworkCard {
  private static final String STUDY = "msp";

  private NetworkCard() {}

  static void write(
      OutputStream out, NetworkMethod method, Trained trained, Budget b, TrainingOptions options)
      throws IOException {
    List<Json> losses = new ArrayList<>();
    for (Trained.Epoch e : trained.history()) {
      losses.add(new Json.Arr(List.of(Json.of(e.train()), Json.of(e.validation()))));
    }
    Json.Obj training =
        Json.Obj.empty()
            .with("pairs", b.train())
            .with("validation_pairs", b.validation())
            .with("batch", options.batch())
            .with("epochs", options.epochs())
            .with("learning_rate", options.learningRate().toString())
            .with("clip_norm", options.clipNorm())
            .with("seed", options.seed())
            .with("augmentation", "lattice symmetries")
            .with("best_epoch", trained.bestEpoch())
            .with("losses", new Json.Arr(losses));
    Json.Obj card =
        Json.Obj.empty()
            .with("study", STUDY)
            .with("method", method.name())
            .with("prior", Schlather.PRIOR.toString())
            .with("data", "fields (16, 16), float32, standard exponential margins")
            .with("training", training);
    NetworkFile.write(
        out,
        trained.layout(),
        trained.parameters(),
        trained.statistics(),
        method.objective().toString(),
        card);
  }

  /// Reads the network of a method and checks it against what the method is in this version.
  ///
  /// @throws Failure DATA for a damaged file, a newer card, another study or other parameters
  static Trained read(Path file, NetworkMethod method) {
    return naming(
        file,
        () -> {
          Json.Obj card = card(file);
          String found = text(file, card, "method");
          if (!found.equals(method.name())) {
            throw Failure.data(
                file + ": holds the network of method " + found + ", expected " + method.name());
          }
          ParameterLayout layout = Training.layout(method.objective());
          NetworkFile all = NetworkFile.read(file, layout, method.objective().toString());
          if (!(card.require("training") instanceof Json.Obj training)
              || !(training.require("losses") instanceof Json.Arr losses)
              || !(training.require("best_epoch") instanceof Json.Num best)) {
            throw Failure.data(file + ": the card's training record is damaged");
          }
          List<Trained.Epoch> history = new ArrayList<>();
          for (Json item : losses.items()) {
            List<Json> pair = item instanceof Json.Arr a ? a.items() : List.of();
            if (pair.size() != 2) {
              throw Failure.data(file + ": the card's training record is damaged");
            }
            history.add(new Trained.Epoch(number(pair.get(0)), number(pair.get(1))));
          }
          return new Trained(
              layout, all.parameters(), all.statistics(), history, (int) best.asLong(), Double.NaN);
        });
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
      throw Failure.data(file + ": not a network of the msp study");
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
