package org.amortis.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Risk against epoch, one panel a network.
final class LossFigure {
  private LossFigure() {}

  static Optional<Figure> of(LossCurves losses, Palette palette) {
    Data data = new Data("panel", "method", "network", "set", "epoch", "risk", "best");
    List<View> views = new ArrayList<>();
    int panel = 0;
    boolean cut = false;
    for (LossCurves.Curve curve : losses.curves()) {
      int before = data.size();
      add(data, panel, curve, "train", curve.train());
      add(data, panel, curve, "validation", curve.validation());
      if (data.size() == before) {
        continue;
      }
      String title =
          curve.network().isEmpty() ? curve.method() : curve.method() + " · " + curve.network();
      double[] window = window(curve);
      Map<String, Object> scale = new LinkedHashMap<>(Map.of("zero", false));
      scale.put("nice", true);
      if (window.length > 0) {
        scale.put("domain", List.of(window[0], window[1]));
        cut = true;
      }
      views.add(
          new View(
              title,
              curve.method(),
              "training and validation risk by epoch, " + title,
              "curve",
              View.Template.of("loss")
                  .with("colour", palette.colour(curve.method()))
                  .with("ytitle", "risk")
                  .with("scale", scale)
                  .json(),
              List.of("panel", panel)));
      panel++;
    }
    if (views.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> marks = new LinkedHashMap<>();
    marks.put("solid", "validation");
    marks.put("dashed", "training");
    marks.put("best", "lowest validation risk");
    return Optional.of(
        new Figure(
            "Risk after each epoch. Every network minimises a risk of its own, so the levels of two"
                + " panels cannot be compared."
                + (cut
                    ? " Where the first tenth of the epochs would flatten the rest, it leaves the"
                        + " panel."
                    : ""),
            "four",
            List.of(),
            marks,
            Map.of("losses", data),
            views));
  }

  /// The risks to show where those of the first tenth of the epochs, left out, span more than four
  /// times the range of the others; else nothing.
  static double[] window(LossCurves.Curve curve) {
    int epochs = Math.max(curve.train().length, curve.validation().length);
    double[] all = range(curve, 0);
    double[] later = range(curve, epochs / 10);
    double spread = later[1] - later[0];
    if (epochs < 10 || !(spread > 0) || !(all[1] - all[0] > 4 * spread)) {
      return new double[0];
    }
    return new double[] {later[0] - 0.05 * spread, later[1] + 0.05 * spread};
  }

  /// Least and greatest finite risk from an epoch on.
  private static double[] range(LossCurves.Curve curve, int from) {
    double[] found =
        Stream.of(curve.train(), curve.validation())
            .flatMapToDouble(risks -> Arrays.stream(risks).skip(from))
            .filter(Double::isFinite)
            .toArray();
    return new double[] {
      Arrays.stream(found).min().orElse(Double.NaN), Arrays.stream(found).max().orElse(Double.NaN)
    };
  }

  private static void add(
      Data data, int panel, LossCurves.Curve curve, String set, double[] risks) {
    int best = -1;
    for (int e = 0; e < risks.length; e++) {
      if (Double.isFinite(risks[e]) && (best < 0 || risks[e] < risks[best])) {
        best = e;
      }
    }
    for (int e = 0; e < risks.length; e++) {
      if (Double.isFinite(risks[e])) {
        boolean mark = e == best && set.equals("validation");
        data.row(panel, curve.method(), curve.network(), set, e + 1, risks[e], mark);
      }
    }
  }
}
