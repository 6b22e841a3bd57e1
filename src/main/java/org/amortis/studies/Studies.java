package org.amortis.studies;

import java.util.List;
import java.util.Optional;
import org.amortis.studies.decision.DecisionStudy;
import org.amortis.studies.gp.GaussianProcessStudy;
import org.amortis.studies.msp.MaxStableStudy;
import org.amortis.studies.ratio.RatioStudy;

/// The studies of this version.
public final class Studies {
  /// The names of every study that is planned, in the order of the help text.
  public static final List<String> PLANNED = List.of("gp", "ratio", "msp", "decision");

  private static final List<Study> AVAILABLE =
      List.of(
          new GaussianProcessStudy(), new RatioStudy(), new MaxStableStudy(), new DecisionStudy());

  private Studies() {}

  /// The studies that can be run, in the order of the help text.
  public static List<Study> available() {
    return AVAILABLE;
  }

  /// The study of that name, if this version has it.
  public static Optional<Study> byName(String name) {
    return AVAILABLE.stream().filter(s -> s.name().equals(name)).findFirst();
  }
}
