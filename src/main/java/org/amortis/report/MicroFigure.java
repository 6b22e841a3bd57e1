package org.amortis.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The micro-test fields as images, below each the posterior densities of all methods.
final class MicroFigure {
  private static final int POINTS = 240;
  private static final double VISIBLE = 2e-3;
  private static final double CUT = 3;

  /// The part of the plane that a panel shows, and whether a curve leaves it at the top.
  private record Window(double from, double to, double top, boolean cut) {}

  private MicroFigure() {}

  static Figure of(Micro micro, List<String> methods, Palette palette) {
    Data fields = new Data("panel", "s1", "s2", "z");
    Data densities = new Data("panel", "kind", "method", "theta", "density");
    List<View> views = new ArrayList<>();
    List<Double> scale = imageScale(micro);
    boolean exact = false;
    boolean truth = false;
    boolean cut = false;
    boolean estimates = false;
    for (int k = 0; k < micro.fields().size(); k++) {
      Micro.Field field = micro.fields().get(k);
      exact |= field.grid().length > 1;
      estimates |= !field.estimates().isEmpty();
      addField(fields, k, field.values());
      Window window = addDensities(densities, k, field, micro);
      cut |= window.cut();
      boolean known = Double.isFinite(field.theta());
      String title =
          known ? micro.parameter() + " = " + trimmed(field.theta()) : "field " + (k + 1);
      truth |= known;
      views.add(
          new View(
              title,
              null,
              "field, " + title,
              "square",
              View.Template.of("field").with("domain", scale).json(),
              List.of("panel", k)));
      views.add(
          new View(
              "",
              null,
              "posterior densities, " + title,
              "curve",
              View.Template.of("density")
                  .with("parameter", micro.parameter())
                  .with("domain", List.of(window.from(), window.to()))
                  .with("top", window.top())
                  .with("methods", methods)
                  .with("colours", palette.colours(methods))
                  .with("dashes", palette.dashes(methods))
                  .json(),
              List.of("panel", k)));
    }
    Map<String, String> marks = new LinkedHashMap<>();
    marks.put(
        "ramp",
        "Z from "
            + Numbers.fixed(scale.get(0), 1).replace('-', '−')
            + " to "
            + Numbers.fixed(scale.get(1), 1).replace('-', '−'));
    if (exact) {
      marks.put("area", "exact posterior");
    }
    if (truth) {
      marks.put("truth", "true " + micro.parameter());
    }
    if (estimates) {
      marks.put("estimate", "point estimate");
    }
    Map<String, Data> data = new LinkedHashMap<>();
    data.put("fields", fields);
    data.put("densities", densities);
    return new Figure(
        "Fields on the grid, and below each the posterior densities given that field: kernel"
            + " estimates of the draws, reflected at the ends of the prior ("
            + trimmed(micro.lower())
            + ", "
            + trimmed(micro.upper())
            + ")."
            + (cut ? " Curves above three times the exact posterior's peak are cut off." : "")
            + " Click a method to hide it.",
        "columns",
        Figure.lines(methods),
        marks,
        data,
        views);
  }

  private static void addField(Data data, int panel, float[][] values) {
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[i].length; j++) {
        data.row(panel, i, j, values[i][j]);
      }
    }
  }

  /// Adds every curve of a field and returns the window that shows them.
  private static Window addDensities(Data data, int panel, Micro.Field field, Micro micro) {
    double lower = micro.lower();
    double upper = micro.upper();
    double[] probe = spaced(lower, upper, 601);
    double from = Double.isFinite(field.theta()) ? field.theta() : lower;
    double to = Double.isFinite(field.theta()) ? field.theta() : upper;
    double[] exact = {};
    if (field.grid().length > 1) {
      exact = Density.normalised(field.grid(), field.logDensity());
      double[] seen = visible(field.grid(), exact);
      from = Math.min(from, seen[0]);
      to = Math.max(to, seen[1]);
    }
    List<Micro.Draws> drawn = new ArrayList<>();
    for (Micro.Draws draws : field.draws()) {
      double[] finite =
          Arrays.stream(draws.values()).filter(x -> x >= lower && x <= upper).toArray();
      if (finite.length > 1) {
        drawn.add(new Micro.Draws(draws.method(), finite));
        double[] seen = visible(probe, Density.reflected(finite, lower, upper, probe));
        from = Math.min(from, seen[0]);
        to = Math.max(to, seen[1]);
      }
    }
    double margin = 0.04 * (to - from);
    from = Math.max(lower, from - margin);
    to = Math.min(upper, to + margin);
    if (!(from < to)) {
      from = lower;
      to = upper;
    }
    double peak = Arrays.stream(exact).max().orElse(Double.POSITIVE_INFINITY);
    double top = exact.length > 0 ? peak : 0;
    for (int i = 0; i < exact.length; i++) {
      if (field.grid()[i] >= from && field.grid()[i] <= to) {
        data.row(panel, "exact", null, field.grid()[i], exact[i]);
      }
    }
    double[] at = spaced(from, to, POINTS);
    for (Micro.Draws draws : drawn) {
      double[] density = Density.reflected(draws.values(), lower, upper, at);
      for (int i = 0; i < at.length; i++) {
        data.row(panel, "draws", draws.method(), at[i], density[i]);
        top = Math.max(top, density[i]);
      }
    }
    for (Micro.Estimate estimate : field.estimates()) {
      if (estimate.value() >= from && estimate.value() <= to) {
        data.row(panel, "estimate", estimate.method(), estimate.value(), null);
      }
    }
    if (Double.isFinite(field.theta())) {
      data.row(panel, "truth", null, field.theta(), null);
    }
    boolean cut = top > CUT * peak;
    return new Window(from, to, top > 0 ? 1.05 * Math.min(top, CUT * peak) : 1, cut);
  }

  /// Where a curve is above a small share of its height.
  private static double[] visible(double[] at, double[] density) {
    double floor = VISIBLE * Arrays.stream(density).max().orElse(0);
    int first = 0;
    int last = at.length - 1;
    while (first < last && density[first] < floor) {
      first++;
    }
    while (last > first && density[last] < floor) {
      last--;
    }
    return new double[] {at[first], at[last]};
  }

  private static double[] spaced(double from, double to, int n) {
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = Math.min(to, from + (to - from) * i / (n - 1));
    }
    return out;
  }

  /// One colour scale for all fields, so that they can be compared.
  private static List<Double> imageScale(Micro micro) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Micro.Field field : micro.fields()) {
      for (float[] row : field.values()) {
        for (float z : row) {
          if (Float.isFinite(z)) {
            low = Math.min(low, z);
            high = Math.max(high, z);
          }
        }
      }
    }
    return low < high ? List.of(low, high) : List.of(-1.0, 1.0);
  }

  private static String trimmed(double value) {
    return Json.write(value);
  }
}
