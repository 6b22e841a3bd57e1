package org.amortis.studies;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;

/// What the user asked of a study; every name is checked before a study sees it.
///
/// @param study the study's name, for example `gp`
/// @param profile the budget
/// @param methods the methods to run, in table order, never empty
/// @param device `auto`, `cpu`, `reference`, `cuda[:n]` or `opencl[:n]`
/// @param threads the number of threads, at least 1; results do not depend on it
/// @param seed the seed of every random stream
/// @param out the run folder
/// @param networks the folder of an earlier run whose trained networks are used instead of training
/// @param data the file with the user's own fields
/// @param force whether to start over in a folder that holds finished parts
/// @param testFields the number of test fields, where it differs from the profile's
/// @param repeats trainings of every network from different seeds, at least 1
/// @param progress where to tell how far the work is
/// @param cancellation the request to stop, to be polled at least twice a second
/// @param debug whether diagnostics may be written
public record StudyOptions(
    String study,
    Profile profile,
    List<String> methods,
    String device,
    int threads,
    long seed,
    Path out,
    Optional<Path> networks,
    Optional<Path> data,
    boolean force,
    OptionalInt testFields,
    int repeats,
    Progress progress,
    Cancellation cancellation,
    boolean debug) {
  /// The longest array that every Java runtime has.
  static final int LONGEST = Integer.MAX_VALUE - 8;

  /// The budget of a study.
  public enum Profile {
    /// Every method and every file in a minute or two.
    QUICK,
    /// The default: figures worth reading.
    STANDARD,
    /// The sizes of the published study.
    PAPER;

    /// The name used on the command line.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Copies the list of methods.
  public StudyOptions {
    methods = List.copyOf(methods);
  }

  /// The number of test fields: the file's, or what the user asked for, or the profile's.
  ///
  /// @param given the user's own fields, or null
  /// @param usual the profile's number
  /// @param widest most numbers a field of any array
  /// @throws Failure USAGE or DATA for two answers, or more than an array can hold
  public int fields(FieldFile.Fields given, int usual, int widest) {
    if (given != null && testFields.isPresent()) {
      throw Failure.usage("--test-fields and --data exclude each other: the file decides");
    }
    int fields = given == null ? testFields.orElse(usual) : given.count();
    int most = LONGEST / widest;
    if (fields > most) {
      String line = fields + " test fields: expected at most " + most;
      throw given == null ? Failure.usage(line) : Failure.data(data.get() + ": " + line);
    }
    return fields;
  }

  /// Refuses repeats that cannot be trained or scored.
  ///
  /// @param given the user's own fields, or null
  /// @param trained whether any of the methods has networks
  /// @throws Failure USAGE when there are such repeats
  public void checkRepeats(FieldFile.Fields given, boolean trained) {
    if (repeats > 1 && !trained) {
      throw Failure.usage(
          "--repeats "
              + repeats
              + ": no network to train among the methods "
              + String.join(", ", methods));
    }
    if (repeats > 1 && networks.isPresent()) {
      throw Failure.usage("--repeats and --networks exclude each other: nothing is trained");
    }
    if (repeats > 1 && given != null && given.theta() == null) {
      throw Failure.usage(
          "--repeats " + repeats + ": the fields have no theta, so no training can be scored");
    }
  }
}
