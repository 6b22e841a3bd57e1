package org.amortis.validation.variational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.amortis.inference.variational.ParetoSmoothing;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pareto-smoothed importance weights and k-hat equal ArviZ's on the stored ratios.
class ParetoGoldenTest {
  private static final double RELATIVE = 1e-9;
  private static final Npz GOLDEN =
      Npz.read(Path.of(System.getProperty("basedir", "."), "golden", "ops", "psis.npz"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "narrow_proposal",
        "wide_proposal",
        "shifted",
        "far",
        "student",
        "few",
        "wild",
        "constant_tail"
      })
  void equalsArviz(String name) {
    double[] x = values(name + "__x");
    double[] expected = values(name + "__log_weight");
    double k = values(name + "__k")[0];
    ParetoSmoothing.Smoothed s = ParetoSmoothing.smooth(x);
    if (Double.isInfinite(k)) {
      assertThat(s.k()).isEqualTo(k);
    } else {
      assertThat(s.k()).isCloseTo(k, within(RELATIVE * (1 + StrictMath.abs(k))));
    }
    for (int i = 0; i < x.length; i++) {
      assertThat(s.logWeights()[i])
          .as("weight %d", i)
          .isCloseTo(expected[i], within(RELATIVE * (1 + StrictMath.abs(expected[i]))));
    }
  }

  private static double[] values(String name) {
    NpyArray a = GOLDEN.array(name);
    double[] v = new double[a.size()];
    for (int i = 0; i < v.length; i++) {
      v[i] = a.value(i);
    }
    return v;
  }
}
