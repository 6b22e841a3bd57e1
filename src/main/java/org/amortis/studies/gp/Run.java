package org.amortis.studies.gp;

import java.io.IOException;
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

/// What the parts of one run share: its options, its folder, its device, and the record of facts.
final class Run {
  /// Length scales of the micro-test fields.
  static final double[] MICRO = {0.1, 0.3, 0.5};

  final StudyOptions options;
  final Budget budget;
  final RunFolder folder;
  final Device device;
  final FieldFile.Fields test;
  final Observations micro;

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
  }

  Progress progress() {
    return options.progress();
  }

  Cancellation cancellation() {
    return options.cancellation();
  }

  long seed(Seeds part) {
    return part.of(options.seed());
  }

  /// Writes an array unless a finished file stands there.
  void write(String name, double[] values, int... shape) {
    folder.write(name, out -> Npy.write(out, NpyArray.of(values, shape)));
  }

  void writeNpz(String name, Map<String, NpyArray> arrays) {
    folder.write(name, out -> Npz.write(out, arrays));
  }

  double[] read(String name) {
    return Npy.read(folder.path(name)).toDoubles();
  }

  /// Where a method's network comes from: this run's folder, or that of an earlier run.
  Path network(String method) {
    String name = method + ".safetensors";
    return options.networks().map(d -> d.resolve(name)).orElse(folder.path(name));
  }

  /// Adds facts about a method to run.json.
  synchronized void record(String method, Json.Obj facts) {
    Json.Obj all = folder.recorded();
    Json.Obj methods =
        all.get("methods").orElse(Json.Obj.empty()) instanceof Json.Obj m ? m : Json.Obj.empty();
    Json.Obj old =
        methods.get(method).orElse(Json.Obj.empty()) instanceof Json.Obj o ? o : Json.Obj.empty();
    for (Map.Entry<String, Json> e : facts.members().entrySet()) {
      old = old.with(e.getKey(), e.getValue());
    }
    folder.record(all.with("methods", methods.with(method, old)));
  }

  /// A fact recorded about a method; NaN where there is none.
  double fact(String method, String key) {
    if (folder.recorded().get("methods").orElse(null) instanceof Json.Obj m
        && m.get(method).orElse(null) instanceof Json.Obj o
        && o.get(key).orElse(null) instanceof Json.Num n) {
      return n.asDouble();
    }
    return Double.NaN;
  }

  /// Copies a network of an earlier run into this one's folder, unchanged.
  void adopt(String method) throws IOException {
    byte[] bytes = java.nio.file.Files.readAllBytes(network(method));
    folder.write(method + ".safetensors", out -> out.write(bytes));
  }
}
