package org.amortis.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContourTest {
  private static double[] grid(double from, double to, int n) {
    double[] at = new double[n];
    Arrays.setAll(at, i -> from + (to - from) * i / (n - 1));
    return at;
  }

  private static double[][] function(double[] x, double[] y, double scale) {
    double[][] v = new double[x.length][y.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        v[i][j] = -scale * (x[i] * x[i] + y[j] * y[j]);
      }
    }
    return v;
  }

  private static List<double[][]> parts(double[][] lines) {
    List<double[][]> parts = new ArrayList<>();
    int from = 0;
    for (int k = 0; k <= lines[0].length; k++) {
      if (k == lines[0].length || Double.isNaN(lines[0][k])) {
        parts.add(
            new double[][] {
              Arrays.copyOfRange(lines[0], from, k), Arrays.copyOfRange(lines[1], from, k)
            });
        from = k + 1;
      }
    }
    return parts;
  }

  @Test
  void aCircleIsOneClosedLine() {
    double[] x = grid(-2, 2, 81);
    double[] y = grid(-2, 2, 61);
    double[][] line = Contour.lines(x, y, function(x, y, 1), -1);
    assertThat(parts(line)).hasSize(1);
    int last = line[0].length - 1;
    assertThat(line[0][last]).isEqualTo(line[0][0]);
    assertThat(line[1][last]).isEqualTo(line[1][0]);
    for (int k = 0; k <= last; k++) {
      assertThat(Math.hypot(line[0][k], line[1][k])).isCloseTo(1, within(1e-3));
    }
    for (int k = 1; k <= last; k++) {
      double step = Math.hypot(line[0][k] - line[0][k - 1], line[1][k] - line[1][k - 1]);
      assertThat(step).isLessThan(0.1);
    }
  }

  @Test
  void linesThatLeaveTheGridEndAtItsBorder() {
    double[] x = grid(0, 2, 41);
    double[] y = grid(0, 2, 41);
    double[][] quarter = Contour.lines(x, y, function(x, y, 1), -1);
    assertThat(parts(quarter)).hasSize(1);
    int last = quarter[0].length - 1;
    assertThat(Math.min(quarter[0][0], quarter[1][0])).isZero();
    assertThat(Math.min(quarter[0][last], quarter[1][last])).isZero();
    assertThat(Contour.lines(x, y, function(x, y, 1), 1)[0]).isEmpty();
  }

  @Test
  void saddlesGiveTwoLinesThatDoNotCross() {
    double[] at = grid(-1, 1, 2);
    double[][] v = {{1, -1}, {-1, 1}};
    List<double[][]> parts = parts(Contour.lines(at, at, v, 0.25));
    assertThat(parts).hasSize(2);
    for (double[][] part : parts) {
      assertThat(part[0]).hasSize(2);
      assertThat((part[0][0] + part[0][1]) * (part[1][0] + part[1][1])).isPositive();
    }
  }

  @Test
  void levelHoldsTheShareOfAGaussian() {
    double[] at = grid(-5, 5, 401);
    double[][] p = function(at, at, 0.5);
    for (double[] row : p) {
      Arrays.setAll(row, j -> Math.exp(row[j]));
    }
    // exp(-r^2 / 2) outside radius r holds exp(-r^2 / 2), so the level of mass m is 1 - m.
    assertThat(Contour.level(p, 0.5)).isCloseTo(0.5, within(2e-3));
    assertThat(Contour.level(p, 0.9)).isCloseTo(0.1, within(2e-3));
  }

  @Test
  void densityIntegratesToOneInsideThePriors() {
    SplittableRandom random = new SplittableRandom(9);
    double[] a = new double[400];
    double[] b = new double[400];
    Arrays.setAll(a, i -> Math.clamp(0.02 + 0.05 * random.nextGaussian(), 0.0, 0.6));
    Arrays.setAll(b, i -> Math.clamp(2.9 + 0.4 * random.nextGaussian(), 0.5, 3.0));
    double[] x = new double[240];
    double[] y = new double[200];
    Arrays.setAll(x, i -> 0.6 * (i + 0.5) / 240);
    Arrays.setAll(y, i -> 0.5 + 2.5 * (i + 0.5) / 200);
    double[][] p = Contour.density(a, b, x, y, new double[] {0, 0.6, 0.5, 3});
    double mass =
        Arrays.stream(p).flatMapToDouble(Arrays::stream).sum() * (0.6 / 240) * (2.5 / 200);
    assertThat(mass).isCloseTo(1, within(1e-4));
    assertThatThrownBy(() -> Contour.density(a, b, x, y, new double[] {0, 0.01, 0.5, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void freeFiguresBreakCurvesAndSkipGaps() {
    double gap = Double.NaN;
    Panels panels =
        new Panels(
            "",
            List.of(
                new Panels.Panel(
                    "p",
                    Panels.Axis.fitted("x"),
                    new Panels.Axis("y", 0, 1),
                    List.of(
                        new Panels.Curve("c", new double[] {1, gap, 3}, new double[] {4, 5, 6}),
                        new Panels.Points("q", new double[] {7, 8}, new double[] {gap, 9})))));
    String html =
        HtmlReport.render(
            new StudyReport(
                "", "", List.of(), List.of(new Section("", List.of(), List.of(panels)))));
    assertThat(html)
        .contains("[0,0,\"c\",0,0,1,4,null],[0,0,\"c\",1,2,3,6,null],[0,1,\"q\",0,1,8,9,null]]");
    assertThatThrownBy(() -> new Panels.Points("q", new double[1], new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("q");
  }
}
