package org.amortis.validation.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.ToDoubleBiFunction;
import org.amortis.inference.mcmc.Convergence;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every diagnostic equals ArviZ's on the stored chains, NaN where ArviZ says NaN.
class ConvergenceGoldenTest {
  private static final double RELATIVE = 1e-10;
  private static final Npz GOLDEN =
      Npz.read(Path.of(System.getProperty("basedir", "."), "golden", "ops", "mcmc.npz"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "independent",
        "correlated",
        "antithetic",
        "apart",
        "scales",
        "heavy",
        "odd",
        "single",
        "short",
        "ties",
        "constant",
        "stuck",
        "nan",
        "infinite"
      })
  void equalsArviz(String name) {
    check(name, "rhat", Convergence::rHat);
    check(name, "rhat_split", Convergence::splitRHat);
    check(name, "ess_bulk", Convergence::essBulk);
    check(name, "ess_tail", Convergence::essTail);
    check(name, "ess_mean", Convergence::essMean);
    check(name, "mcse_mean", Convergence::mcseMean);
    check(name, "mcse_q05", (x, c) -> Convergence.mcseQuantile(x, c, 0.05));
    check(name, "mcse_q50", (x, c) -> Convergence.mcseQuantile(x, c, 0.5));
    check(name, "mcse_q95", (x, c) -> Convergence.mcseQuantile(x, c, 0.95));
  }

  private static void check(
      String name, String role, ToDoubleBiFunction<double[], Integer> diagnostic) {
    NpyArray x = GOLDEN.array(name + "__x");
    double found = diagnostic.applyAsDouble(x.toDoubles(), x.shape()[0]);
    double golden = GOLDEN.array(name + "__" + role).value(0);
    if (Double.isNaN(golden)) {
      assertThat(found).as("%s %s", name, role).isNaN();
    } else {
      assertThat(StrictMath.abs(found - golden))
          .as("%s %s: found %s, ArviZ %s", name, role, found, golden)
          .isLessThanOrEqualTo(RELATIVE * StrictMath.abs(golden));
    }
  }
}
