package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.amortis.io.Npy;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.TrainingStep;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The reverse-KL methods of the study.
@Tag("study")
class ReverseKlMethodsTest {
  /// Flows are drawn backwards in training and read forwards elsewhere; a file is written in the
  /// order of training.
  @Test
  void layoutsAreThoseOfTraining() {
    for (Rkl1Method m :
        new Rkl1Method[] {Rkl1Method.spline(), Rkl1Method.gaussian(), Rkl1Method.published()}) {
      ReverseKlPart part = (ReverseKlPart) m.parts().getFirst();
      ParameterLayout training = TrainingStep.layout(part.objective(), ReverseKlPart.shapes(4), 4);
      assertThat(part.layout()).hasToString(training.toString());
      assertThat(part.layout().size())
          .isEqualTo(part.posterior().layout(GaussianProcess.FIELD).size());
    }
  }

  /// After two epochs on 96 fields the posteriors know little, but a mix-up of parameters would
  /// send draws to the prior's ends.
  @Test
  void theStudyTrainsThemAndDrawsInsideThePrior(@TempDir Path out) {
    new TinyStudy(out).methods("exact", "rkl1", "rkl1-gaussian", "rkl1-published").run();
    for (String method : new String[] {"rkl1", "rkl1-gaussian", "rkl1-published"}) {
      double[] draws = Npy.read(out.resolve("draws_" + method + ".npy")).toDoubles();
      assertThat(draws).hasSize(TinyStudy.FIELDS * TinyStudy.DRAWS);
      double mean = 0;
      for (double x : draws) {
        assertThat(x).isStrictlyBetween(0.0, GaussianProcess.UPPER);
        mean += x / draws.length;
      }
      assertThat(mean).as(method).isCloseTo(0.3, within(0.2));
    }
  }
}
