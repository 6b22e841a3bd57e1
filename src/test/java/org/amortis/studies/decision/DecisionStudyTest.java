package org.amortis.studies.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amortis.studies.StudyRun;
import org.amortis.studies.decision.SimpleModel.Decision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Expected losses in closed form against sums over theta, and the study from end to end.
@Tag("studies")
class DecisionStudyTest {
  private static final DecisionBudget SMALL = new DecisionBudget(6_400, 640, 6, 2_000, 20);

  @TempDir Path folder;

  /// A midpoint sum over 20,000 theta.
  private static double sum(Decision d, double x, double delta) {
    int n = 20_000;
    double total = 0;
    double weight = 0;
    for (int i = 0; i < n; i++) {
      double theta = (i + 0.5) / n;
      double e = theta - delta;
      double z = (x - theta) / SimpleModel.SPREAD;
      double w = StrictMath.exp(-0.5 * z * z);
      double loss =
          switch (d) {
            case MEAN -> e * e;
            case LOW -> StrictMath.max(0.05 * e, -0.95 * e);
            case HIGH -> StrictMath.max(0.95 * e, -0.05 * e);
          };
      total += w * loss;
      weight += w;
    }
    return total / weight;
  }

  @Test
  void expectedLossesAreThoseOfTheCutNormal() {
    for (Decision d : Decision.values()) {
      for (double x : new double[] {-0.6, 0.1, 0.5, 1.3, 1.6}) {
        double best = d.minimiser(x);
        double least = d.expectedLoss(x, best);
        assertThat(best).isBetween(0.0, 1.0);
        for (double delta : new double[] {0.05, 0.4, 0.9}) {
          assertThat(d.expectedLoss(x, delta)).isCloseTo(sum(d, x, delta), within(2e-8));
          assertThat(d.expectedLoss(x, delta)).isGreaterThanOrEqualTo(least);
        }
        assertThat(d.expectedLoss(x, best + 1e-3)).isGreaterThan(least);
        assertThat(d.expectedLoss(x, best - 1e-3)).isGreaterThan(least);
      }
    }
  }

  private static String run(Path out, Path networks, int threads, String... methods) {
    return new StudyRun(new DecisionStudy(p -> SMALL), out)
        .networks(networks)
        .threads(threads)
        .methods(methods)
        .run();
  }

  /// Six epochs of 6,400 pairs leave an excess risk of a few percent; a rule that ignores its data
  /// has one above 50 %.
  @Test
  void theTrainedRuleTracesTheMinima() throws IOException {
    Path whole = folder.resolve("whole");
    assertThat(run(whole, null, 2, "exact", "nbe")).contains("posterior mean", "report: ");
    assertThat(StudyRun.files(whole).keySet())
        .containsExactlyInAnyOrder(
            "table.csv",
            "test.npz",
            "rule_nbe.npz",
            "sequence_nbe.npz",
            "nbe.safetensors",
            "report.html");
    List<String> table = Files.readAllLines(whole.resolve("table.csv"));
    assertThat(table).hasSize(4);
    assertThat(table.getFirst())
        .isEqualTo("decision,bayes_risk,risk,risk_excess,risk_excess_se,distance");
    for (String line : table.subList(1, 4)) {
      assertThat(Double.parseDouble(line.split(",")[3])).isBetween(0.0, 0.1);
    }

    Path parts = folder.resolve("parts");
    run(parts, null, 1, "exact");
    Files.delete(parts.resolve("report.html"));
    run(parts, null, 1, "exact", "nbe");
    assertThat(StudyRun.differences(whole, parts)).isEmpty();

    Path adopted = folder.resolve("adopted");
    run(adopted, whole, 1, "nbe");
    assertThat(StudyRun.differences(whole, adopted)).isEmpty();
  }

  @Test
  void anotherDeviceThanTheProcessorIsNamed() {
    StudyRun exact = new StudyRun(new DecisionStudy(p -> SMALL), folder.resolve("exact"));
    assertThat(exact.device("reference").methods("exact").run()).startsWith("device ");
    StudyRun cpu = new StudyRun(new DecisionStudy(p -> SMALL), folder.resolve("cpu"));
    assertThat(cpu.methods("exact").run()).doesNotContain("device ");
  }
}
