package org.amortis.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.amortis.engine.Failure;

/// The wording of this room's failures: place, byte offset, what was found, what was expected.
final class Fault {
  private static final int QUOTED_LENGTH = 64; // a SHA-256 fits

  private Fault() {}

  /// Data that breaks its format, found at a byte offset of a file or of an entry of it.
  static Failure at(String place, long offset, String found, String expected) {
    return Failure.data(place + ": byte " + offset + ": " + found + ", expected " + expected);
  }

  /// Data that breaks its format as a whole.
  static Failure data(String place, String found, String expected) {
    return Failure.data(place + ": " + found + ", expected " + expected);
  }

  /// A fault of the disk while reading; a file that is not there is a data fault.
  static Failure reading(Path file, IOException cause) {
    if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
      return Failure.data(file + ": no such file").causedBy(cause);
    }
    return Failure.storage(file + ": cannot read: " + reason(cause)).causedBy(cause);
  }

  /// A fault of the disk while writing.
  static Failure writing(Path file, IOException cause) {
    boolean space =
        !(cause instanceof AccessDeniedException
            || cause instanceof NoSuchFileException
            || cause instanceof FileAlreadyExistsException);
    return Failure.storage(file + ": cannot write: " + reason(cause))
        .advise(
            (space ? "free some space or choose" : "choose")
                + " another folder; files written before are intact")
        .causedBy(cause);
  }

  /// What the operating system said, without the path.
  static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "a file or a link to nothing stands there";
    }
    if (cause instanceof NoSuchFileException missing) {
      return "no such folder or file: " + missing.getFile();
    }
    if (cause instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /// Text from a file, made safe for one line of a terminal: printable ASCII, shortened.
  static String quote(String text) {
    StringBuilder out = new StringBuilder("'");
    for (int i = 0; i < text.length() && i < QUOTED_LENGTH; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 127 && c != '\\') {
        out.append(c);
      } else {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return out.append(text.length() > QUOTED_LENGTH ? "...'" : "'").toString();
  }
}
