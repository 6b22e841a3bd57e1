package org.amortis.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// The version of this program and of the Java runtime under it.
final class Version implements IVersionProvider {
  /// The version in the jar's manifest, `development` when run from class files.
  static String number() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"amortis " + number() + " (Java " + Runtime.version() + ")"};
  }
}
