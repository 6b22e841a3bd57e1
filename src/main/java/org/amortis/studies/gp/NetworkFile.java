package org.amortis.studies.gp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.io.NpyArray;
import org.amortis.io.Safetensors;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.TrainingOptions;

/// A trained network on disk: safetensors with the parameters by name and a versioned JSON card.
///
/// The card says what the network is (study, method, architecture, prior) and how it was trained
/// (budget, options, losses). It holds no times, so that equal runs write equal bytes.
public final class NetworkFile {
  /// Version of the card; a file with a higher one is refused.
  public static final int VERSION = 1;

  private static final String CARD = "card";

  private NetworkFile() {}

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
    Map<String, NpyArray> tensors = new LinkedHashMap<>();
    for (ParameterLayout.Entry e : trained.layout().entries()) {
      float[] values = new float[e.shape().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) trained.parameters()[e.offset() + i];
      }
      tensors.put(e.name(), NpyArray.of(values, e.shape().dims()));
    }
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
            .with("format", "amortis-network")
            .with("format_version", VERSION)
            .with("study", "gp")
            .with("method", method)
            .with("architecture", architecture)
            .with("prior", prior)
            .with("data", "fields (16, 16), float32, no scaling")
            .with("training", training);
    Safetensors.write(out, tensors, Map.of(CARD, card.compact()));
  }

  /// Reads a network and checks it against the layout that its method has in this version.
  ///
  /// @throws Failure DATA for a damaged file, a newer card, another study or other parameters
  static Content read(Path file, String method, ParameterLayout layout) {
    return naming(file, () -> content(file, method, layout));
  }

  private static Content content(Path file, String method, ParameterLayout layout) {
    Safetensors s = Safetensors.read(file);
    Json.Obj card = card(file, s);
    String found = text(file, card, "method");
    if (!found.equals(method)) {
      throw Failure.data(file + ": holds the network of method " + found + ", expected " + method);
    }
    double[] parameters = new double[layout.size()];
    if (s.tensors().size() != layout.entries().size()) {
      throw Failure.data(
          file + ": " + s.tensors().size() + " tensors, expected " + layout.entries().size());
    }
    for (ParameterLayout.Entry e : layout.entries()) {
      NpyArray a;
      try {
        a = s.tensor(e.name(), e.shape().dims());
      } catch (Failure f) {
        throw Failure.data(file + ": " + f.getMessage()).causedBy(f);
      }
      System.arraycopy(a.toDoubles(), 0, parameters, e.offset(), a.size());
    }
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
    return naming(file, () -> text(file, card(file, Safetensors.read(file)), "method"));
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

  private static Json.Obj card(Path file, Safetensors s) {
    String text = s.metadata().get(CARD);
    if (text == null) {
      throw Failure.data(file + ": no card among its metadata, expected a network of amortis");
    }
    if (!(Json.parse(text, file + " card") instanceof Json.Obj card)) {
      throw Failure.data(file + ": the card is no JSON object");
    }
    long version = card.require("format_version") instanceof Json.Num n ? n.asLong() : -1;
    if (version > VERSION) {
      throw Failure.data(
              file + ": card of format " + version + ", this version reads up to " + VERSION)
          .advise("use a newer amortis");
    }
    if (version < 1 || !text(file, card, "study").equals("gp")) {
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
