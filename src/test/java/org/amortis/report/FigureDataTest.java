package org.amortis.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureDataTest {
  @Test
  void thinningKeepsTheWorstAndSpreadsTheRest() {
    Recovery all = ReportDemo.recovery(1_000, ReportDemo.METHODS);
    List<Integer> kept = RecoveryFigure.thinned(all, 300, 5);
    assertThat(kept).doesNotHaveDuplicates().isSorted().hasSizeBetween(250, 300);
    for (Recovery.Estimates method : all.methods()) {
      int worst = 0;
      for (int i = 0; i < 1_000; i++) {
        if (Math.abs(method.mean()[i] - all.theta()[i])
            > Math.abs(method.mean()[worst] - all.theta()[worst])) {
          worst = i;
        }
      }
      assertThat(kept).contains(worst);
    }
    List<Double> thetas = new ArrayList<>();
    kept.forEach(i -> thetas.add(all.theta()[i]));
    Collections.sort(thetas);
    for (int i = 1; i < thetas.size(); i++) {
      assertThat(thetas.get(i) - thetas.get(i - 1)).isLessThan(0.01);
    }
    assertThat(RecoveryFigure.thinned(ReportDemo.recovery(7, List.of("fKL")), 300, 5)).hasSize(7);
  }

  @Test
  void lossesThatFlattenTheRestLeaveThePanel() {
    double[] falling = new double[40];
    Arrays.setAll(falling, e -> 1 / (1.0 + e));
    double[] steep = falling.clone();
    steep[0] = 100;
    double[] window = LossFigure.window(new LossCurves.Curve("rKL2", "", steep, falling));
    assertThat(window[0]).isLessThan(falling[39]).isGreaterThan(0);
    assertThat(window[1]).isBetween(falling[4], falling[3]);
    assertThat(LossFigure.window(new LossCurves.Curve("rKL2", "", falling, falling))).isNotEmpty();
    double[] even = new double[40];
    Arrays.setAll(even, e -> 40.0 - e);
    assertThat(LossFigure.window(new LossCurves.Curve("NBE", "", even, even))).isEmpty();
    double[] few = {100, 2, 1};
    assertThat(LossFigure.window(new LossCurves.Curve("NBE", "", few, few))).isEmpty();
    double[] nan = {Double.NaN, Double.NaN};
    assertThat(LossFigure.window(new LossCurves.Curve("NBE", "", nan, nan))).isEmpty();
  }

  @Test
  void estimatesWithoutIntervalsAreNotCalledPosteriorMeans() {
    double[] theta = {0.6, 2};
    double[] none = {Double.NaN, Double.NaN};
    Recovery both =
        new Recovery(
            "k",
            0.5,
            3,
            theta,
            List.of(
                new Recovery.Estimates("pairwise", theta, none, none),
                new Recovery.Estimates("point", theta, theta, theta),
                new Recovery.Estimates("fKL", theta, new double[] {0.5, 1}, theta)));
    Figure figure = RecoveryFigure.of(both, new Palette(List.of("pairwise", "fKL")));
    for (View view : figure.views().subList(0, 2)) {
      assertThat(view.specification())
          .contains("\"title\": \"estimate\"", "\"zero\": false")
          .doesNotContain("posterior mean");
    }
    assertThat(figure.views().get(2).specification()).contains("\"title\": \"posterior mean\"");
    assertThat(figure.caption()).contains("methods without intervals give estimates");
  }

  @Test
  void breakEvenIsWhereTheTotalsMeet() {
    Cost mcmc = new Cost("MCMC", 0, 0.2);
    Cost flow = new Cost("fKL", 60, 0.001);
    double n = flow.breakEven(mcmc);
    assertThat(n).isCloseTo(301.5075, within(1e-4));
    assertThat(flow.total(n)).isCloseTo(mcmc.total(n), within(1e-9));
    assertThat(new Cost("slow", 60, 0.3).breakEven(mcmc)).isInfinite();
    assertThat(new Cost("free", 0, 0.001).breakEven(mcmc)).isEqualTo(1);
    assertThat(new Cost("unknown", Double.NaN, 0.1).breakEven(mcmc)).isNaN();
    assertThatThrownBy(() -> new BreakEven("MCMC", List.of(flow)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void methodsKeepTheirColours() {
    Palette palette = new Palette(List.of("new", "exact", "NRE", "newer", "new", "NBE"));
    assertThat(palette.colours(List.of("exact", "NRE", "NBE")))
        .containsExactly("#4d4d4d", "#e377c2", "#ff7f0e");
    assertThat(palette.colour("new")).isNotEqualTo(palette.colour("newer"));
    assertThat(palette.dash("MCMC")).isNull();
  }

  @Test
  void numbersReadWell() {
    assertThat(Numbers.fixed(-0.0001, 2)).isEqualTo("0.00");
    assertThat(Numbers.fixed(Double.NaN, 2)).isEmpty();
    assertThat(Numbers.fixed(Double.POSITIVE_INFINITY, 2)).isEqualTo("inf");
    assertThat(Numbers.signed(0.25, 1)).isEqualTo("+0.2");
    assertThat(Numbers.count(1_234_567.2)).isEqualTo("1,234,568");
    assertThat(Numbers.count(999)).isEqualTo("999");
    assertThat(Numbers.count(Double.POSITIVE_INFINITY)).isEqualTo("never");
    assertThat(List.of(0.0, 3e-6, 0.0123, 7.0, 90.0, 600.0, 9e3).stream().map(Numbers::seconds))
        .containsExactly("0 s", "3.00 µs", "12.3 ms", "7.00 s", "90.0 s", "10.0 min", "2.50 h");
  }

  @Test
  void jsonIsSafeInsideAScript() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a<b", Arrays.asList(1, null, true, "</script>\n\u2029\ud800"));
    map.put("x", new double[] {Double.NaN, 0.1 + 0.2, -1.5e-9, 1e6, 123456.789});
    assertThat(Json.write(map))
        .isEqualTo(
            "{\"a\\u003cb\":[1,null,true,\"\\u003c/script\\u003e\\u000a\\u2029\\ud800\"],"
                + "\"x\":[null,0.3,-1.5E-9,1000000,123457]}");
  }
}
