package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.studies.StudyOptions.Profile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The budgets that docs/cli.md promises, and the arithmetic of what pays when.
@Tag("pure")
class BudgetTest {
  private static MetropolisOptions adaptive(int steps, int burnIn, int draws) {
    return new MetropolisOptions(
        steps, burnIn, draws, 1, new Start.FromPrior(), 0.06, Adaptation.RobbinsMonro.standard());
  }

  @Test
  void profilesSpendWhatTheContractSays() {
    assertThat(Budget.of(Profile.QUICK))
        .isEqualTo(new Budget(2_000, 500, 100, 8, 300, 1_200, adaptive(500, 200, 300)));
    Budget standard = Budget.of(Profile.STANDARD);
    assertThat(standard.mcmc()).isEqualTo(adaptive(2_000, 500, 1_000));
    assertThat(standard.train()).isEqualTo(16_000);
    assertThat(standard.validation()).isEqualTo(2_000);
    assertThat(standard.test()).isEqualTo(1_000);
    assertThat(standard.draws()).isEqualTo(1_000);
    Budget paper = Budget.of(Profile.PAPER);
    assertThat(paper.train()).isEqualTo(160_000);
    assertThat(paper.validation()).isEqualTo(20_000);
    assertThat(paper.test()).isEqualTo(1_000);
    assertThat(paper.mcmc().start()).isEqualTo(new Start.At(0.6));
    assertThat(paper.mcmc().adaptation()).isEqualTo(Adaptation.Bands.published());
    for (Profile p : Profile.values()) {
      Budget b = Budget.of(p);
      assertThat(b.gridCells()).isEqualTo(1_200);
      assertThat(b.mcmc().draws()).isEqualTo(b.draws());
      // A run goes on in another process only if its settings read the same there.
      assertThat(b.json().canonical())
          .isEqualTo(Budget.of(p).json().canonical())
          .doesNotContain("@");
      assertThat(b.withTest(7)).isNotEqualTo(b);
      assertThat(b.withTest(7).withTest(b.test())).isEqualTo(b);
    }
  }

  @Test
  void trainingPaysOnceItsCostIsSaved() {
    Effort e = new Effort(1_000, 1, 11, 1);
    assertThat(e.breakEven(e.mcmcDense())).isEqualTo(100);
    assertThat(e.breakEven(12)).isEqualTo(91);
    assertThat(e.breakEven(e.mcmcLattice())).isInfinite();
    assertThat(e.breakEven(1e9)).isEqualTo(1);
    assertThat(Effort.sentences(e)).first().asString().contains("100 fields", "no number of");
    double[][] curve = Effort.curve(900, 100, 3, 2);
    assertThat(curve[0]).containsExactly(0, 1, 2);
    assertThat(curve[1][0]).isCloseTo(3, within(1e-12));
    assertThat(curve[1][2]).isCloseTo(StrictMath.log10(10_900), within(1e-12));
  }
}
