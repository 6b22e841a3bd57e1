package org.amortis.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Total seconds against the number of fields on logarithmic axes.
final class BreakEvenFigure {
  private static final int PER_DECADE = 12;

  private BreakEvenFigure() {}

  static Optional<Figure> of(BreakEven block, Palette palette) {
    Cost reference = block.referenceCost();
    List<Cost> known =
        block.costs().stream().filter(c -> Double.isFinite(c.total(1)) && c.total(1) > 0).toList();
    if (!known.contains(reference) || known.size() < 2) {
      return Optional.empty();
    }
    double last = 1;
    for (Cost cost : known) {
      double n = cost.breakEven(reference);
      if (!cost.equals(reference) && Double.isFinite(n)) {
        last = Math.max(last, n);
      }
    }
    int decades = Math.clamp((int) StrictMath.ceil(StrictMath.log10(last)) + 1, 4, 9);
    Data data = new Data("kind", "method", "fields", "seconds");
    for (Cost cost : known) {
      for (int i = 0; i <= decades * PER_DECADE; i++) {
        double n = StrictMath.pow(10, (double) i / PER_DECADE);
        data.row("total", cost.method(), n, cost.total(n));
      }
    }
    for (Cost cost : known) {
      double n = cost.breakEven(reference);
      if (!cost.equals(reference) && n <= StrictMath.pow(10, decades)) {
        data.row("break-even", cost.method(), n, cost.total(n));
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (int d = 0; d <= decades; d++) {
      ticks.add(StrictMath.pow(10, d));
    }
    List<String> methods = known.stream().map(Cost::method).toList();
    View view =
        new View(
            "",
            null,
            "total seconds against the number of fields",
            "curve",
            View.Template.of("break-even")
                .with("domain", List.of(1.0, StrictMath.pow(10, decades)))
                .with("ticks", ticks)
                .with("methods", methods)
                .with("colours", palette.colours(methods))
                .with("dashes", palette.dashes(methods))
                .json(),
            List.of());
    return Optional.of(
        new Figure(
            "Total time against the number of fields, training included. A dot marks the number of"
                + " fields from which a trained method is cheaper than "
                + block.reference()
                + " in all.",
            "one",
            Figure.lines(methods),
            Map.of(),
            Map.of("seconds", data),
            List.of(view)));
  }
}
