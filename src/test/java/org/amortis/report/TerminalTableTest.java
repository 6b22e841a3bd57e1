package org.amortis.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TerminalTableTest {
  private static final Locale BEFORE = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(BEFORE);
  }

  private static ScoreTable.Score score(double value, double error, double excess) {
    return new ScoreTable.Score(value, 0.03 * value, excess, error);
  }

  private static ScoreTable table() {
    double none = Double.NaN;
    return new ScoreTable(
        1_000,
        List.of(
            new ScoreTable.Row(
                "exact",
                score(0.0289, none, 0),
                score(0.1072, none, 0),
                score(0.01476, none, 0),
                0.9,
                new ScoreTable.Medians(0.0137, 0.0945, none),
                none,
                0.002),
            new ScoreTable.Row(
                "NBE",
                score(0.03, 0.009, 0.0364),
                score(0.12, 0.011, 0.0676),
                ScoreTable.Score.NONE,
                0.887,
                ScoreTable.Medians.NONE,
                102,
                1e-5),
            new ScoreTable.Row(
                "fKL",
                score(0.0285, 0.008, -0.0138),
                score(0.2345, 0.3, 1.1875),
                score(0.0154, 0.0076, 0.0433),
                1,
                ScoreTable.Medians.NONE,
                133.25,
                0.0009)));
  }

  @Test
  void showsEverythingAtFullWidth() {
    Locale.setDefault(Locale.GERMANY);
    assertThat(TerminalTable.write(table(), 90, false))
        .isEqualTo(
            """
                                                ------- excess over exact, % --------
            method  RMSPE  MIS90   CRPS  COV90       RMSPE          MIS90        CRPS  training
            -----------------------------------------------------------------------------------
            exact    2.89  10.72  1.476   90.0           -              -           -         -
            NBE      3.00  12.00      -   88.7  +3.6 (0.9)     +6.8 (1.1)           -     102 s
            fKL      2.85  23.45  1.540  100.0  -1.4 (0.8)  +118.8 (30.0)  +4.3 (0.8)  2.22 min
            scores x 10^-2, COV90 in %; excess over exact in % (standard error)
            """);
  }

  @Test
  void dropsDetailWhereTheTerminalIsNarrow() {
    String narrow =
        """
        method  RMSPE  MIS90   CRPS  COV90
        ----------------------------------
        exact    2.89  10.72  1.476   90.0
        NBE      3.00  12.00      -   88.7
        fKL      2.85  23.45  1.540  100.0
        scores x 10^-2, COV90 in %
        """;
    assertThat(TerminalTable.write(table(), 40, false)).isEqualTo(narrow);
    assertThat(TerminalTable.write(table(), 1, false)).isEqualTo(narrow);
    for (int width = 40; width < 120; width++) {
      int limit = width;
      assertThat(TerminalTable.write(table(), width, false).lines())
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(limit));
    }
    assertThat(TerminalTable.write(table(), 60, false)).contains("+118.8").doesNotContain("(30.0)");
  }

  @Test
  void styleIsOnlyAddedOnRequest() {
    String plain = TerminalTable.write(table(), 80, false);
    String styled = TerminalTable.write(table(), 80, true);
    assertThat(plain).doesNotContain("\u001b");
    assertThat(styled).contains("\u001b[1m").isNotEqualTo(plain);
    assertThat(styled.replaceAll("\u001b\\[[0-9]m", "")).isEqualTo(plain);
  }

  @Test
  void namesCannotSendEscapesOrBreakTheColumns() {
    double none = Double.NaN;
    ScoreTable odd =
        new ScoreTable(
            1,
            List.of(
                new ScoreTable.Row(
                    "\u001b[31mred and far too long for a column",
                    ScoreTable.Score.NONE,
                    ScoreTable.Score.NONE,
                    ScoreTable.Score.NONE,
                    none,
                    ScoreTable.Medians.NONE,
                    none,
                    none)));
    String text = TerminalTable.write(odd, 80, false);
    assertThat(text).doesNotContain("\u001b").contains("?[31mred and fa~");
    assertThat(text.lines().toList().get(2)).endsWith("      -      -     -      -");
  }

  @Test
  void withoutAnExactPosteriorTheScoresCarryTheirErrors() {
    double none = Double.NaN;
    ScoreTable.Score score = new ScoreTable.Score(0.25, 0.0123, none, none);
    ScoreTable alone =
        new ScoreTable(
            9,
            List.of(
                new ScoreTable.Row(
                    "fKL",
                    score,
                    score,
                    ScoreTable.Score.NONE,
                    0.9,
                    ScoreTable.Medians.NONE,
                    none,
                    none)));
    assertThat(TerminalTable.write(alone, 80, false))
        .isEqualTo(
            """
            method         RMSPE         MIS90  CRPS  COV90
            -----------------------------------------------
            fKL     25.00 (1.23)  25.00 (1.23)     -   90.0
            scores x 10^-2, COV90 in % (standard error)
            """);
    assertThat(TerminalTable.write(alone, 40, false)).contains("25.00  25.00").doesNotContain("(");
  }

  @Test
  void publishedFiguresStandBesideOurs() {
    PublishedTable table = new PublishedTable("", ReportDemo.published().rows().subList(0, 3));
    assertThat(TerminalTable.write(table, 80, false))
        .isEqualTo(
            """
                    --- RMSPE ---  --- MIS90 ----  --- MCRPS ---  --- COV90 ---
            method  here  printed   here  printed  here  printed  here  printed
            -------------------------------------------------------------------
            exact   1.37        -   9.45        -  1.39        -  90.0        -
            MCMC    1.50     1.50   9.55     9.55  1.41     1.41  88.0     89.6
            NBE     1.61     1.56  10.98    10.62     -        -  88.4     87.7
            medians x 10^-2, COV90 in %: here, and as printed
            """);
    assertThat(TerminalTable.write(table, 1, false)).contains("MIS90").doesNotContain("MCRPS");
  }

  @Test
  void csvHoldsNaturalUnitsWithAPoint() {
    Locale.setDefault(Locale.GERMANY);
    assertThat(TableCsv.of(table()).toString())
        .isEqualTo(
            """
            method,rmspe,mis90,crps,cov90,rmspe_se,mis90_se,crps_se,rmspe_excess,mis90_excess,\
            crps_excess,rmspe_published,mis90_published,mcrps_published,train_seconds,\
            seconds_per_field
            exact,0.0289,0.1072,0.01476,0.9,,,,0,0,0,0.0137,0.0945,,,0.002
            NBE,0.03,0.12,,0.887,0.009,0.011,,0.0364,0.0676,,,,,102,0.00001
            fKL,0.0285,0.2345,0.0154,1,0.008,0.3,0.0076,-0.0138,1.1875,0.0433,,,,133.25,0.0009
            """);
  }
}
