package org.amortis.engine.math;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// One row of `goldens/spline.csv`, written by `validation/generators/spline_goldens.py` from
/// nflows.
public record SplineGolden(
    int bins,
    double bound,
    boolean inverse,
    double input,
    double dOutput,
    double dLadj,
    double output,
    double ladj,
    double dInput,
    double[] raw,
    double[] dRaw) {

  /// All rows.
  public static List<SplineGolden> load() throws IOException {
    try (InputStream in = SplineGolden.class.getResourceAsStream("/goldens/spline.csv")) {
      String text =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
      return text.lines().map(SplineGolden::parse).toList();
    }
  }

  /// The settings the row was made with.
  public Spline spline() {
    return Spline.of(bins, bound);
  }

  private static SplineGolden parse(String line) {
    double[] n = Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray();
    int bins = (int) n[0];
    int raw = 9;
    int draw = raw + 3 * bins - 1;
    return new SplineGolden(
        bins,
        n[1],
        n[2] == 1,
        n[3],
        n[4],
        n[5],
        n[6],
        n[7],
        n[8],
        Arrays.copyOfRange(n, raw, draw),
        Arrays.copyOfRange(n, draw, n.length));
  }
}
