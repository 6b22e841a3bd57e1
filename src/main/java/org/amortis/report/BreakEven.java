package org.amortis.report;

import java.util.List;

/// Total seconds against the number of fields, and where training has paid for itself.
///
/// Leave it out where the report has to repeat byte for byte.
///
/// @param reference method that needs no training, for example `MCMC`; one of `costs`
/// @param costs what each method costs, the reference included
public record BreakEven(String reference, List<Cost> costs) implements Block {
  /// Copies the costs.
  ///
  /// @throws IllegalArgumentException when none is that of the reference
  public BreakEven {
    costs = List.copyOf(costs);
    if (costs.stream().noneMatch(c -> c.method().equals(reference))) {
      throw new IllegalArgumentException("no cost is given for the reference " + reference);
    }
  }

  /// The cost of the reference method.
  public Cost referenceCost() {
    return costs.stream().filter(c -> c.method().equals(reference)).findFirst().orElseThrow();
  }
}
