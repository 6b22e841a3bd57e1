package org.amortis.studies.msp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.io.Json;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.RunFolder;
import org.amortis.nn.train.Trained;
import org.amortis.studies.StudyOptions;

/// What the parts of one run share: its options, its folder, its device, its networks, and the
/// record of facts.
final class Run {
  /// Parameters of the micro-test fields, (lambda, k).
  static final double[] MICRO = {0.05, 1.5, 0.2, 1.4, 0.4, 2.2};

  final StudyOptions options;
  final Budget budget;
  final RunFolder folder;
  final Device device;
  final FieldFile.Fields test;
  final Observations micro;
  private final int repeat;
  private final Training training;

  Run(
      StudyOptions options,
      Budget budget,
      RunFolder folder,
      Device device,
      FieldFile.Fields test,
      Observations micro) {
    this.options = options;
    this.budget = budget;
    this.folder = folder;
    this.device = device;
    this.test = test;
    this.micro = micro;
    this.repeat = 1;
    this.training = new Training(this, null);
  }

  private Run(Run first, int repeat) {
    this.options = first.options;
    this.budget = first.budget;
    this.folder = first.folder;
    this.device = first.device;
    this.test = first.test;
    this.micro = first.micro;
    this.repeat = repeat;
    this.training = new Training(this, first.training);
  }

  /// The same run with networks of other training seeds and files of its own; pairs, fields and the
  /// seeds of draws stay.
  ///
  /// @param k number of the training, 1 for this run itself
  Run repeat(int k) {
    return k == 1 ? this : new Run(this, k);
  }

  Progress progress() {
    return options.progress();
  }

  Cancellation cancellation() {
    return options.cancellation();
  }

  /// The seed of everything that is no training of a network.
  long seed(Seeds part) {
    return part.of(options.seed());
  }

  /// The seed of a network's training, another one in every repeat.
  long trainingSeed(Seeds part) {
    return repeat == 1 ? seed(part) : part.of(seed(part) + repeat);
  }

  /// The name of a file in the run folder.
  private String file(String name) {
    return repeat == 1 ? name : "repeat" + repeat + "_" + name;
  }

  /// Whether a file is finished.
  boolean has(String name) {
    return folder.has(file(name));
  }

  void write(String name, double[] values, int... shape) {
    folder.write(file(name), out -> Npy.write(out, NpyArray.of(values, shape)));
  }

  double[] read(String name) {
    return Npy.read(folder.path(file(name))).toDoubles();
  }

  /// The trained network of a method: found in the folder, taken from an earlier run, or trained
  /// now.
  Trained network(NetworkMethod method) {
    String name = file(method.file());
    if (!folder.has(name)) {
      if (options.networks().isPresent()) {
        adopt(options.networks().get().resolve(method.file()), name);
      } else {
        Trained trained = training.fit(method);
        // Facts before files: a finished file is never computed again.
        record(
            method.name(),
            Json.Obj.empty()
                .with("train_seconds", trained.seconds())
                .with("epochs", trained.history().size())
                .with("best_epoch", trained.bestEpoch())
                .with("train_loss", Json.of(losses(trained, true)))
                .with("validation_loss", Json.of(losses(trained, false))));
        folder.write(
            name,
            out ->
                NetworkCard.write(out, method, trained, budget, training.options(method.seed())));
      }
    }
    return NetworkCard.read(folder.path(name), method);
  }

  private static double[] losses(Trained t, boolean train) {
    return t.history().stream().mapToDouble(e -> train ? e.train() : e.validation()).toArray();
  }

  /// Copies the network of an earlier run into this one's folder, unchanged.
  private void adopt(Path file, String name) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      folder.write(name, out -> out.write(bytes));
    } catch (IOException e) {
      throw Failure.storage(file + ": cannot be read: " + e.getMessage()).causedBy(e);
    }
  }

  /// Adds facts about a method to run.json.
  void record(String method, Json.Obj facts) {
    Json.Obj all = folder.recorded();
    Json.Obj methods =
        all.get("methods").orElse(Json.Obj.empty()) instanceof Json.Obj m ? m : Json.Obj.empty();
    String key = file(method);
    Json.Obj old =
        methods.get(key).orElse(Json.Obj.empty()) instanceof Json.Obj o ? o : Json.Obj.empty();
    for (Map.Entry<String, Json> e : facts.members().entrySet()) {
      old = old.with(e.getKey(), e.getValue());
    }
    folder.record(all.with("methods", methods.with(key, old)));
  }

  /// A fact recorded about a method; NaN where there is none.
  double fact(String method, String key) {
    if (folder.recorded().get("methods").orElse(null) instanceof Json.Obj m
        && m.get(file(method)).orElse(null) instanceof Json.Obj o
        && o.get(key).orElse(null) instanceof Json.Num n) {
      return n.asDouble();
    }
    return Double.NaN;
  }
}
