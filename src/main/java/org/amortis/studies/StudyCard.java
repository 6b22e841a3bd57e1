package org.amortis.studies;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.TrainingOptions;

/// The card in a network's file: study, method, prior and how the network was trained.
///
/// It holds no times, so that equal runs write equal bytes.
///
/// @param file the file, which failures name
/// @param members what the card says
public record StudyCard(Path file, Json.Obj members) {
  /// A card to be written.
  ///
  /// @param data what the network reads, in words
  /// @param training the record of the training, or several under the names of the networks
  public static Json.Obj of(
      String study, String method, Json prior, String data, Json.Obj training) {
    return Json.Obj.empty()
        .with("study", study)
        .with("method", method)
        .with("prior", prior)
        .with("data", data)
        .with("training", training);
  }

  /// The record of one network's training.
  ///
  /// @param pairs training pairs
  /// @param validation validation pairs
  /// @param augmentation what was changed at random in every step, in words
  public static Json.Obj training(
      Trained trained, int pairs, int validation, TrainingOptions options, String augmentation) {
    List<Json> losses = new ArrayList<>();
    for (Trained.Epoch e : trained.history()) {
      losses.add(new Json.Arr(List.of(Json.of(e.train()), Json.of(e.validation()))));
    }
    return Json.Obj.empty()
        .with("pairs", pairs)
        .with("validation_pairs", validation)
        .with("batch", options.batch())
        .with("epochs", options.epochs())
        .with("learning_rate", options.learningRate().toString())
        .with("clip_norm", options.clipNorm())
        .with("seed", options.seed())
        .with("augmentation", augmentation)
        .with("best_epoch", trained.bestEpoch())
        .with("losses", new Json.Arr(losses));
  }

  /// Reads something of the card in a file.
  ///
  /// @throws Failure DATA, naming the file, for a damaged file, a newer card or another study's
  public static <T> T read(Path file, String study, Function<StudyCard, T> reading) {
    try {
      Json.Obj members = NetworkFile.card(file);
      if (!members.get("study").equals(Optional.of(Json.of(study)))) {
        throw Failure.data(file + ": not a network of the " + study + " study");
      }
      return reading.apply(new StudyCard(file, members));
    } catch (Failure f) {
      if (f.getMessage().contains(file.toString())) {
        throw f;
      }
      throw Failure.data(file + ": its card has " + f.getMessage()).causedBy(f);
    }
  }

  /// The study whose network a file holds.
  ///
  /// @throws Failure DATA, naming the file, for a damaged file, a newer card or one without a study
  public static String study(Path file) {
    if (NetworkFile.card(file).get("study").orElse(null) instanceof Json.Str s) {
      return s.value();
    }
    throw Failure.data(file + ": its card names no study");
  }

  /// The method whose networks the file holds.
  ///
  /// @throws Failure DATA when the card names none
  public String method() {
    if (members.require("method") instanceof Json.Str s) {
      return s.value();
    }
    throw Failure.data(file + ": member method of the card is no text");
  }

  /// Refuses the networks of another method.
  ///
  /// @throws Failure DATA when they are of another one
  public void requireMethod(String expected) {
    String found = method();
    if (!found.equals(expected)) {
      throw Failure.data(
          file + ": holds the network of method " + found + ", expected " + expected);
    }
  }

  /// The record of the training, or those of several networks.
  public Json.Obj training() {
    return training(members, "training");
  }

  /// The record of one network among several.
  ///
  /// @throws Failure DATA when there is none
  public Json.Obj training(Json.Obj records, String name) {
    if (records.require(name) instanceof Json.Obj training) {
      return training;
    }
    throw damaged();
  }

  /// A network with the record of its training; its seconds are not known (NaN).
  ///
  /// @throws Failure DATA when the record is damaged
  public Trained trained(
      Json.Obj training, ParameterLayout layout, double[] parameters, double[] statistics) {
    if (!(training.require("losses") instanceof Json.Arr losses)
        || !(training.require("best_epoch") instanceof Json.Num best)) {
      throw damaged();
    }
    List<Trained.Epoch> history = new ArrayList<>();
    for (Json item : losses.items()) {
      List<Json> pair = item instanceof Json.Arr a ? a.items() : List.of();
      if (pair.size() != 2) {
        throw damaged();
      }
      history.add(new Trained.Epoch(number(pair.get(0)), number(pair.get(1))));
    }
    return new Trained(layout, parameters, statistics, history, (int) best.asLong(), Double.NaN);
  }

  private Failure damaged() {
    return Failure.data(file + ": the card's training record is damaged");
  }

  private static double number(Json j) {
    return j instanceof Json.Num n ? n.asDouble() : Double.NaN;
  }
}
