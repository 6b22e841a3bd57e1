package org.amortis.studies.gp;

import java.nio.file.Path;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.io.Json;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.RunFolder;
import org.amortis.studies.StudyOptions;

/// What the parts of one run share: its options, its folder, its device, its networks, and the
/// record of facts.
final class Run {
  /// Length scales of the micro-test fields.
  static final double[] MICRO = {0.1, 0.3, 0.5};

  final StudyOptions options;
  final Budget budget;
  final RunFolder folder;
  final Device device;
  final FieldFile.Fields test;
  final Observations micro;
  private final int repeat;
  private final Training training;
  private final Networks networks;

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
    this.training = new Training(this);
    this.networks = new Networks(this);
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
    this.networks = new Networks(this);
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

  /// The pairs and settings of training.
  Training training() {
    return training;
  }

  /// The trained networks.
  Networks networks() {
    return networks;
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
  String file(String name) {
    return repeat == 1 ? name : "repeat" + repeat + "_" + name;
  }

  /// Whether a file is finished.
  boolean has(String name) {
    return folder.has(file(name));
  }

  /// Where a file lies.
  Path path(String name) {
    return folder.path(file(name));
  }

  /// Writes an array.
  void write(String name, double[] values, int... shape) {
    folder.write(file(name), out -> Npy.write(out, NpyArray.of(values, shape)));
  }

  void writeNpz(String name, Map<String, NpyArray> arrays) {
    folder.write(file(name), out -> Npz.write(out, arrays));
  }

  double[] read(String name) {
    return Npy.read(path(name)).toDoubles();
  }

  /// Adds facts about a method to run.json.
  synchronized void record(String method, Json.Obj facts) {
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

  /// A fact recorded about a method, by the path to it; NaN where there is none.
  double fact(String method, String... keys) {
    Json at = folder.recorded().get("methods").orElse(null);
    at = at instanceof Json.Obj m ? m.get(file(method)).orElse(null) : null;
    for (String key : keys) {
      at = at instanceof Json.Obj o ? o.get(key).orElse(null) : null;
    }
    return at instanceof Json.Num n ? n.asDouble() : Double.NaN;
  }
}
