package org.amortis.studies;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.amortis.io.AtomicFile;
import org.amortis.io.Json;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.RunFolder;

/// The files of one training of a run's networks, and what run.json says about its methods.
///
/// @param folder of the run
/// @param training number of the training: 1 for the run itself, later ones have files and facts
///   under names of their own
public record RunFiles(RunFolder folder, int training) {
  /// The name of a file, or of a method's facts, in this training.
  public String name(String name) {
    return training == 1 ? name : "repeat" + training + "_" + name;
  }

  /// Whether a file is finished.
  public boolean has(String name) {
    return folder.has(name(name));
  }

  /// Where a file lies.
  public Path path(String name) {
    return folder.path(name(name));
  }

  /// Writes a file in one step.
  public void write(String name, AtomicFile.Content content) {
    folder.write(name(name), content);
  }

  /// Writes an array.
  public void write(String name, double[] values, int... shape) {
    write(name, out -> Npy.write(out, NpyArray.of(values, shape)));
  }

  /// Writes arrays by their names.
  public void write(String name, Map<String, NpyArray> arrays) {
    write(name, out -> Npz.write(out, arrays));
  }

  /// Reads the values of an array.
  public double[] read(String name) {
    return Npy.read(path(name)).toDoubles();
  }

  /// Adds facts about a method to run.json.
  public void record(String method, Json.Obj facts) {
    RunFacts.add(folder, name(method), facts);
  }

  /// A number recorded about a method, by the path to it; NaN where there is none.
  public double fact(String method, String... keys) {
    return at(method, keys) instanceof Json.Num n ? n.asDouble() : Double.NaN;
  }

  /// A text recorded about a method, by the path to it.
  public Optional<String> text(String method, String... keys) {
    return at(method, keys) instanceof Json.Str s ? Optional.of(s.value()) : Optional.empty();
  }

  private Json at(String method, String... keys) {
    Json at = RunFacts.of(folder, name(method));
    for (String key : keys) {
      at = at instanceof Json.Obj o ? o.get(key).orElse(null) : null;
    }
    return at;
  }
}
