package org.amortis.studies.gp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.nn.train.Objective;
import org.amortis.studies.StudyOptions;

/// Trained networks of an earlier run, looked at before any work starts.
final class Networks {
  /// The objectives of the methods that have a network.
  private static final Map<String, Objective> OBJECTIVES =
      Map.of("nbe", Models.nbe(), "fkl", Models.fkl());

  private Networks() {}

  /// Reads every network that the chosen methods need.
  ///
  /// @throws Failure DATA for one that is missing, damaged, newer or another method's
  static void check(StudyOptions o) {
    if (o.networks().isEmpty()) {
      return;
    }
    for (String method : o.methods()) {
      if (OBJECTIVES.containsKey(method)) {
        Path file = o.networks().get().resolve(method + ".safetensors");
        if (!Files.isRegularFile(file)) {
          throw Failure.data(file + ": no such network")
              .advise("name a run folder that has it, or train it without --networks");
        }
        NetworkCard.read(file, method, OBJECTIVES.get(method));
      }
    }
  }

  /// The network files of a folder.
  ///
  /// @throws Failure DATA if there is none, STORAGE if the folder cannot be listed
  static List<Path> in(Path folder) {
    try (var files = Files.list(folder)) {
      List<Path> found =
          files.filter(f -> f.getFileName().toString().endsWith(".safetensors")).sorted().toList();
      if (found.isEmpty()) {
        throw Failure.data(folder + ": no *.safetensors in it, expected trained networks");
      }
      return found;
    } catch (IOException e) {
      throw Failure.storage(folder + ": cannot be listed: " + e.getMessage()).causedBy(e);
    }
  }

  /// The SHA-256 of the files' bytes in hexadecimal, each preceded by its name where names count.
  static String digest(List<Path> files, boolean names) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Path f : files) {
        if (names) {
          sha.update(f.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        }
        try (InputStream in = Files.newInputStream(f)) {
          in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha));
        }
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw Failure.storage(files + ": cannot be read: " + e.getMessage()).causedBy(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
