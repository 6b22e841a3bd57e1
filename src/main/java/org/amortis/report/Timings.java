package org.amortis.report;

import java.util.List;

/// A table of what each method costs, in seconds; leave it out where the report has to repeat byte
/// for byte.
///
/// @param costs one a method, in table order
public record Timings(List<Cost> costs) implements Block {
  /// Copies the costs.
  public Timings {
    costs = List.copyOf(costs);
  }
}
