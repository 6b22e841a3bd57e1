package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// Edges and identities of K and the Whittle-Matern correlation; `AccuracyTest` holds both against
/// tables.
class BesselTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void edges() {
    assertThat(Bessel.k(1.5, 0)).isEqualTo(INF);
    assertThat(Bessel.k(1.5, INF)).isZero();
    assertThat(Bessel.k(1.5, 1e300)).isZero();
    assertThat(Bessel.k(3, 1e-200)).isEqualTo(INF);
    assertThat(Bessel.k(1.5, -1)).isNaN();
    assertThat(Bessel.k(Double.NaN, 1)).isNaN();
    assertThat(Bessel.k(1, Double.NaN)).isNaN();
    assertThat(Bessel.k(21, 1)).isNaN();
    assertThat(Bessel.k(-1.25, 0.75)).isEqualTo(Bessel.k(1.25, 0.75));
  }

  @Test
  void correlationIsOneAtZeroAndVanishesCleanly() {
    for (double k : new double[] {0.01, 0.3, 0.5, 0.75, 1, 1.4999999, 1.5, 2.2, 3, 20}) {
      assertThat(Bessel.matern(k, 0)).isEqualTo(1);
      assertThat(Bessel.matern(k, INF)).isZero();
      assertThat(Bessel.matern(k, 1e300)).isZero();
      if (k > 0.2) {
        assertThat(Bessel.matern(k, Double.MIN_VALUE)).isEqualTo(1, within(1e-12));
        assertThat(Bessel.matern(k, 1e-150)).isEqualTo(1, within(1e-12));
      }
      double before = 1;
      for (double r = 1e-6; r < 2000; r *= 1.01) {
        double rho = Bessel.matern(k, r);
        assertThat(rho).as("k %s r %s", k, r).isBetween(0.0, Math.nextUp(before * (1 + 4e-15)));
        before = rho;
      }
      assertThat(before).isZero();
    }
    assertThat(Bessel.matern(0, 1)).isNaN();
    assertThat(Bessel.matern(1, -1)).isNaN();
    assertThat(Bessel.matern(21, 1)).isNaN();
  }

  @Test
  void halfOrdersAreElementary() {
    for (double r = 1e-3; r < 600; r *= 1.07) {
      double e = StrictMath.exp(-r);
      assertThat(Bessel.matern(0.5, r) / e).isEqualTo(1, within(1e-14));
      assertThat(Bessel.matern(1.5, r) / (e * (1 + r))).isEqualTo(1, within(1e-14));
      assertThat(Bessel.matern(2.5, r) / (e * (1 + r + r * r / 3))).isEqualTo(1, within(1e-14));
    }
  }

  /// No jump where the methods meet: order k + 1/2 whole, and x = 1.2.
  @Test
  void methodsMeet() {
    for (double r = 0.01; r < 100; r *= 1.3) {
      for (double k : new double[] {0.5, 1.5, 2.5}) {
        double left = Bessel.matern(k - 1e-12, r);
        double right = Bessel.matern(k + 1e-12, r);
        assertThat(left).isEqualTo(right, within(1e-11 * right * (1 + Math.abs(Math.log(right)))));
      }
    }
    for (double k = 0.5; k <= 3; k += 0.05) {
      double above = Bessel.matern(k, Math.nextUp(1.2));
      assertThat(Bessel.matern(k, 1.2)).isEqualTo(above, within(2e-14 * above));
    }
  }
}
