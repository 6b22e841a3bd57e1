package org.amortis.studies;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.amortis.engine.Failure;
import org.amortis.io.RunFolder;

/// Files of an earlier run that are used instead of training.
///
/// @param folder the earlier run
/// @param required names that must be there
/// @param optional names that are taken along where they are there
/// @param whole whether all networks of the folder make its digest, not only those required
public record EarlierNetworks(
    Path folder, List<String> required, List<String> optional, boolean whole) {
  /// Looks for the files before any work starts.
  ///
  /// @throws Failure DATA for a required file that is missing
  public EarlierNetworks {
    required = List.copyOf(required);
    optional = List.copyOf(optional);
    for (String name : required) {
      if (!Files.isRegularFile(folder.resolve(name))) {
        throw Failure.data(folder.resolve(name) + ": no such network")
            .advise("name a run folder that has it, or train it without --networks");
      }
    }
  }

  /// What the user asked for, told from other runs by all networks of the folder; empty where
  /// networks are to be trained.
  ///
  /// @throws Failure DATA for a required file that is missing
  public static Optional<EarlierNetworks> of(StudyOptions o, List<String> required) {
    return o.networks().map(folder -> new EarlierNetworks(folder, required, List.of(), true));
  }

  /// What the user asked for, told from other runs by the required files; empty where networks are
  /// to be trained.
  ///
  /// @throws Failure DATA for a required file that is missing
  public static Optional<EarlierNetworks> of(
      StudyOptions o, List<String> required, List<String> optional) {
    return o.networks().map(folder -> new EarlierNetworks(folder, required, optional, false));
  }

  /// Where a file lies.
  public Path file(String name) {
    return folder.resolve(name);
  }

  /// The SHA-256 of names and bytes, in hexadecimal.
  public String digest() {
    return whole
        ? FileDigest.ofNetworks(folder)
        : FileDigest.of(required.stream().map(this::file).toList(), true);
  }

  /// Copies those files that a run does not have yet, unchanged.
  public void copyInto(RunFolder run) {
    for (List<String> names : List.of(required, optional)) {
      for (String name : names) {
        if (!run.has(name) && Files.isRegularFile(file(name))) {
          byte[] bytes = bytes(name);
          run.write(name, out -> out.write(bytes));
        }
      }
    }
  }

  private byte[] bytes(String name) {
    try {
      return Files.readAllBytes(file(name));
    } catch (IOException e) {
      throw Failure.storage(file(name) + ": cannot be read: " + e.getMessage()).causedBy(e);
    }
  }
}
