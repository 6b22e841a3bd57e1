package org.amortis.report;

import java.util.List;

/// A table of what each method costs; leave it out where the report has to repeat byte for byte.
public record Timings(List<Cost> costs) implements Block {
  public Timings {
    costs = List.copyOf(costs);
  }
}
