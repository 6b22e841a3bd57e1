package org.amortis.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Risk against epoch, one panel a network.
final class LossFigure {
  private LossFigure() {}

  static Optional<Figure> of(LossCurves losses, Palette palette) {
    Data data = new Data("panel", "method", "network", "set", "epoch", "risk", "best");
    List<View> views = new ArrayList<>();
    int panel = 0;
    for (LossCurves.Curve curve : losses.curves()) {
      int before = data.size();
      add(data, panel, curve, "train", curve.train());
      add(data, panel, curve, "validation", curve.validation());
      if (data.size() == before) {
        continue;
      }
      String title =
          curve.network().isEmpty() ? curve.method() : curve.method() + " · " + curve.network();
      views.add(
          new View(
              title,
              curve.method(),
              "training and validation risk by epoch, " + title,
              "curve",
              View.Template.of("loss")
                  .with("colour", palette.colour(curve.method()))
                  .with("ytitle", "risk")
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
                + " panels cannot be compared.",
            "four",
            List.of(),
            marks,
            Map.of("losses", data),
            views));
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
