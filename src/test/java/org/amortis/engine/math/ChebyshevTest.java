package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class ChebyshevTest {
  @Test
  void reproducesPolynomialsOfLowerDegree() {
    Chebyshev chebyshev = new Chebyshev(5, -2, 3);
    double[] values =
        Arrays.stream(chebyshev.nodes()).map(x -> 1 - 2 * x + x * x * x * x / 4).toArray();
    double[] c = chebyshev.coefficients(values, 1);
    for (double x = -2; x <= 3; x += 0.25) {
      assertThat(chebyshev.evaluate(c, 0, 1, x))
          .isCloseTo(1 - 2 * x + x * x * x * x / 4, within(1e-13));
    }
  }

  /// T_3(u) = 4 u^3 - 3 u has the coefficients 0, 0, 0, 1.
  @Test
  void findsTheCoefficientsOfAChebyshevPolynomial() {
    Chebyshev chebyshev = new Chebyshev(6, -1, 1);
    double[] values = Arrays.stream(chebyshev.nodes()).map(u -> 4 * u * u * u - 3 * u).toArray();
    assertThat(chebyshev.coefficients(values, 1))
        .containsExactly(new double[] {0, 0, 0, 1, 0, 0}, within(1e-15));
  }

  @Test
  void convergesOnAnAnalyticFunction() {
    Chebyshev chebyshev = new Chebyshev(24, 0, 2);
    double[] values = Arrays.stream(chebyshev.nodes()).map(StrictMath::exp).toArray();
    double[] c = chebyshev.coefficients(values, 1);
    for (double x = 0; x <= 2; x += 0.0625) {
      assertThat(chebyshev.evaluate(c, 0, 1, x)).isCloseTo(StrictMath.exp(x), within(3e-14));
    }
  }

  @Test
  void hasNoValueOutside() {
    Chebyshev chebyshev = new Chebyshev(3, 0, 1);
    double[] c = {1, 1, 1};
    assertThat(chebyshev.evaluate(c, 0, 1, -1e-9)).isNaN();
    assertThat(chebyshev.evaluate(c, 0, 1, 1.1)).isNaN();
    assertThat(chebyshev.evaluate(c, 0, 1, Double.NaN)).isNaN();
    assertThat(chebyshev.evaluate(c, 0, 1, 1)).isEqualTo(3);
    assertThat(Arrays.stream(chebyshev.nodes()).allMatch(chebyshev::contains)).isTrue();
    assertThatThrownBy(() -> new Chebyshev(3, 1, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
