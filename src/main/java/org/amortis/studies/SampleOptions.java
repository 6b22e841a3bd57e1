package org.amortis.studies;

import java.nio.file.Path;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;

/// What the user asked of `amortis sample`; the names and the two input files are checked before.
///
/// @param network a trained network of the study
/// @param data the file with the user's fields
/// @param out the `.npy` file to write
/// @param draws draws a field, at least 1
/// @param device `auto`, `cpu` or `reference`
/// @param seed the seed of the draws
/// @param progress where to tell how far the work is
/// @param cancellation the request to stop
public record SampleOptions(
    Path network,
    Path data,
    Path out,
    int draws,
    String device,
    long seed,
    Progress progress,
    Cancellation cancellation) {
  /// Refuses more draws than an array can hold.
  ///
  /// @param parameters numbers a draw
  /// @throws Failure USAGE
  public void checkDraws(int fields, int parameters) {
    if ((long) parameters * fields * draws > StudyOptions.LONGEST) {
      throw Failure.usage(
          "--draws "
              + draws
              + ": "
              + fields
              + " fields allow at most "
              + StudyOptions.LONGEST / parameters / fields);
    }
  }
}
