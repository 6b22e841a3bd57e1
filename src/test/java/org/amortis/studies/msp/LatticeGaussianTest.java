package org.amortis.studies.msp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.math.Bessel;
import org.junit.jupiter.api.Test;

/// The map from normals to fields is linear, so its matrix gives the covariance without sampling.
class LatticeGaussianTest {
  private static final int SITES = 256;

  @Test
  void covarianceIsTheCorrelationMatrix() {
    double[][] theta = {{0.05, 0.5}, {0.2, 1.4}, {0.6, 3}, {0.599, 2.99}, {1e-9, 1}};
    for (double[] t : theta) {
      LatticeGaussian g = new LatticeGaussian(SITES);
      g.set(t[0], t[1]);
      double[] identity = new double[SITES * SITES];
      for (int i = 0; i < SITES; i++) {
        identity[i * SITES + i] = 1;
      }
      double[] columns = new double[SITES * SITES];
      g.fieldsInto(identity, columns);
      for (int a = 0; a < SITES; a += 3) {
        for (int b = 0; b <= a; b += 5) {
          double sum = 0;
          for (int f = 0; f < SITES; f++) {
            sum += columns[f * SITES + a] * columns[f * SITES + b];
          }
          double h = Math.hypot(a / 16 - b / 16, a % 16 - b % 16) / 15;
          double rho = Bessel.matern(t[1], h / t[0]);
          assertThat(sum).isEqualTo(rho, within(1e-13));
          assertThat(g.correlation(Math.abs(a / 16 - b / 16), Math.abs(a % 16 - b % 16)))
              .isEqualTo(rho, within(1e-15));
        }
      }
    }
  }
}
