package org.amortis.studies;

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
import org.amortis.engine.Failure;

/// What the settings of a run say about the files it was given.
final class FileDigest {
  private FileDigest() {}

  /// The SHA-256 of the files' bytes in hexadecimal, each preceded by its name where names count.
  ///
  /// @throws Failure STORAGE for a file that cannot be read
  static String of(List<Path> files, boolean names) {
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

  /// The SHA-256 of all network files of a folder, with their names.
  ///
  /// @throws Failure DATA if there is none, STORAGE if the folder cannot be read
  static String ofNetworks(Path folder) {
    try (var files = Files.list(folder)) {
      List<Path> found =
          files.filter(f -> f.getFileName().toString().endsWith(".safetensors")).sorted().toList();
      if (found.isEmpty()) {
        throw Failure.data(folder + ": no *.safetensors in it, expected trained networks");
      }
      return of(found, true);
    } catch (IOException e) {
      throw Failure.storage(folder + ": cannot be listed: " + e.getMessage()).causedBy(e);
    }
  }
}
