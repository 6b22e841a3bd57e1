package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Edges of the special functions: NaN, infinities, signed zeros, subnormal numbers, overflow.
class SpecialTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double TINY = Double.MIN_VALUE;

  private record Edge(String name, DoubleUnaryOperator f, double[] pairs) {}

  private static Edge edge(String name, DoubleUnaryOperator f, double... pairs) {
    return new Edge(name, f, pairs);
  }

  private static final List<Edge> EDGES =
      List.of(
          edge(
              "exp",
              Special::exp,
              0,
              1,
              -0.0,
              1,
              INF,
              INF,
              -INF,
              0,
              TINY,
              1,
              709.782712893384,
              0x1.fffffffffff2ap1023,
              709.7827128933841,
              INF,
              -745.1332191019411,
              TINY,
              -745.1332191019412,
              0,
              1e300,
              INF,
              -1e300,
              0),
          edge(
              "expm1",
              Special::expm1,
              0,
              0,
              -0.0,
              -0.0,
              INF,
              INF,
              -INF,
              -1,
              TINY,
              TINY,
              -TINY,
              -TINY,
              1e-300,
              1e-300,
              709.7827128933841,
              INF,
              -800,
              -1),
          edge(
              "log",
              Special::log,
              0,
              -INF,
              -0.0,
              -INF,
              1,
              0,
              INF,
              INF,
              -1,
              Double.NaN,
              -TINY,
              Double.NaN,
              TINY,
              -744.4400719213812,
              Double.MAX_VALUE,
              709.782712893384),
          edge(
              "log1p",
              Special::log1p,
              0,
              0,
              -0.0,
              -0.0,
              -1,
              -INF,
              -1.5,
              Double.NaN,
              INF,
              INF,
              TINY,
              TINY,
              -TINY,
              -TINY,
              Double.MAX_VALUE,
              709.782712893384),
          edge(
              "tanh",
              Special::tanh,
              0,
              0,
              -0.0,
              -0.0,
              INF,
              1,
              -INF,
              -1,
              TINY,
              TINY,
              -1e-300,
              -1e-300,
              50,
              1),
          edge(
              "sigmoid",
              Special::sigmoid,
              0,
              0.5,
              -0.0,
              0.5,
              INF,
              1,
              -INF,
              0,
              40,
              1,
              -745,
              TINY,
              -1000,
              0),
          edge("softplus", Special::softplus, INF, INF, -INF, 0, 1000, 1000, -745, TINY, -1000, 0),
          edge("logSigmoid", Special::logSigmoid, INF, -0.0, -INF, -INF, -1000, -1000),
          edge("erf", Special::erf, 0, 0, -0.0, -0.0, INF, 1, -INF, -1, 10, 1, -10, -1, TINY, TINY),
          edge("erfc", Special::erfc, 0, 1, INF, 0, -INF, 2, -10, 2, 30, 0, TINY, 1),
          edge(
              "normalCdf",
              Special::normalCdf,
              0,
              0.5,
              -0.0,
              0.5,
              INF,
              1,
              -INF,
              0,
              10,
              1,
              -40,
              0,
              -38.5,
              0),
          edge("normalLogCdf", Special::normalLogCdf, INF, -0.0, -INF, -INF, 50, -0.0),
          edge(
              "normalQuantile",
              Special::normalQuantile,
              0,
              -INF,
              -0.0,
              -INF,
              1,
              INF,
              0.5,
              0,
              -0.1,
              Double.NaN,
              1.1,
              Double.NaN,
              TINY,
              -38.467405617144344),
          edge(
              "lgamma",
              Special::lgamma,
              0,
              INF,
              1,
              0,
              2,
              0,
              INF,
              INF,
              -0.5,
              Double.NaN,
              TINY,
              744.4400719213812,
              1e307,
              INF),
          edge("digamma", Special::digamma, 0, -INF, INF, INF, -0.5, Double.NaN));

  @Test
  void edges() {
    for (Edge edge : EDGES) {
      assertThat(edge.f.applyAsDouble(Double.NaN)).as("%s(NaN)", edge.name).isNaN();
      for (int i = 0; i < edge.pairs.length; i += 2) {
        double x = edge.pairs[i];
        double value = edge.f.applyAsDouble(x);
        double exact = edge.pairs[i + 1];
        if (exact == 0 || !Double.isFinite(exact)) {
          assertThat(Double.doubleToLongBits(value))
              .as("%s(%s) = %s", edge.name, x, value)
              .isEqualTo(Double.doubleToLongBits(exact));
        } else {
          assertThat(Math.abs(value - exact))
              .as("%s(%s) = %s", edge.name, x, value)
              .isLessThanOrEqualTo(2 * Math.ulp(exact));
        }
      }
    }
  }

  @Test
  void oddFunctionsAreOddAndComplementsAddUp() {
    for (int i = -400; i <= 400; i++) {
      double x = i / 64.0;
      assertThat(Special.erf(-x)).isEqualTo(-Special.erf(x));
      assertThat(Special.tanh(-x)).isEqualTo(-Special.tanh(x));
      assertThat(Special.normalCdf(x) + Special.normalCdf(-x)).isBetween(1 - 0x1p-52, 1 + 0x1p-52);
      assertThat(Special.normalQuantile(Special.normalCdf(-Math.abs(x))))
          .isBetween(
              -Math.abs(x) - 1e-15 - Math.abs(x) * 2e-15,
              -Math.abs(x) + 1e-15 + Math.abs(x) * 2e-15);
    }
  }

  @Test
  void quantileIsMonotoneAcrossItsPieces() {
    // The pieces meet at 0.075, 0.925 and exp(-25).
    for (double edge : new double[] {0.075, 0.925, 1.3887943864964021e-11}) {
      double p = edge * (1 - 1e-13);
      double before = Special.normalQuantile(p);
      for (int i = 0; i < 200; i++) {
        p += edge * 1e-15;
        double x = Special.normalQuantile(p);
        assertThat(x).isGreaterThanOrEqualTo(before - 4 * Math.ulp(before));
        before = x;
      }
    }
  }

  @Test
  void logSumExpHandlesInfinitiesAndLargeNumbers() {
    assertThat(Special.logSumExp(1000, 1000)).isEqualTo(1000 + Special.log(2));
    assertThat(Special.logSumExp(-INF, -INF)).isEqualTo(-INF);
    assertThat(Special.logSumExp(-INF, 3)).isEqualTo(3);
    assertThat(Special.logSumExp(INF, 3)).isEqualTo(INF);
    assertThat(Special.logSumExp(INF, INF)).isEqualTo(INF);
    assertThat(Special.logSumExp(INF, -INF)).isEqualTo(INF);
    assertThat(Special.logSumExp(Double.NaN, 3)).isNaN();
    assertThat(Special.logSumExp(3, Double.NaN)).isNaN();
    assertThat(Special.logSumExp(new double[0])).isEqualTo(-INF);
    assertThat(Special.logSumExp(new double[] {-INF, -INF})).isEqualTo(-INF);
    assertThat(Special.logSumExp(new double[] {1, Double.NaN})).isNaN();
    assertThat(Special.logSumExp(new double[] {-2000, -2000, -2000, -2000}))
        .isEqualTo(-2000 + Special.log(4));
  }
}
