package org.amortis.studies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.amortis.inference.diagnose.Summary;
import org.amortis.report.ScoreTable;
import org.junit.jupiter.api.Test;

class TrainingSpreadTest {
  @Test
  void theStandardErrorIsThatOfTheMean() {
    assertThat(TrainingSpread.standardError(new double[] {1, 2, 3, 4}))
        .isCloseTo(StrictMath.sqrt(5.0 / 3 / 4), within(1e-15));
  }

  @Test
  void rowsHoldMeansAndExcessOverTheExactPosterior() {
    Summary.Medians none = new Summary.Medians(Double.NaN, Double.NaN, Double.NaN);
    Summary exact = new Summary(1, 2, 4, 0.9, none);
    List<Summary> trained =
        List.of(new Summary(1.5, 3, 4, 0.8, none), new Summary(2.5, 5, 8, 0.9, none));
    ScoreTable.Row row = new TrainingSpread(trained, exact).row("fkl");
    assertThat(row.method()).isEqualTo("fkl");
    assertThat(row.rmspe()).isEqualTo(new ScoreTable.Score(2, 0.5, 1, 0.5));
    assertThat(row.mis90()).isEqualTo(new ScoreTable.Score(4, 1, 1, 0.5));
    assertThat(row.crps()).isEqualTo(new ScoreTable.Score(6, 2, 0.5, 0.5));
    assertThat(row.cov90()).isCloseTo(0.85, within(1e-15));

    ScoreTable.Row alone = new TrainingSpread(trained, null).row("fkl");
    assertThat(alone.rmspe().standardError()).isEqualTo(0.5);
    assertThat(alone.rmspe().excess()).isNaN();
    assertThat(alone.rmspe().excessStandardError()).isNaN();
  }
}
