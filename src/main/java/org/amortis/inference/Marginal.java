package org.amortis.inference;

import org.amortis.engine.math.Special;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;

/// Prior distribution of one parameter, with its bijection to the real line.
///
/// The bijection takes theta to u so that the prior of u is standard normal: `u = Phi^-1(F(theta))`
/// with F the prior's distribution function. So the Jacobian needs no formula of its own: `log
/// p(theta) = log N(u) + log |du/dtheta|`.
public sealed interface Marginal {
  /// Name of the parameter.
  String parameter();

  /// Prior quantile at the standard normal value u, `F^-1(Phi(u))`: the inverse of the bijection;
  /// the result lies strictly inside the support.
  double fromUnconstrained(double u);

  /// The bijection `Phi^-1(F(theta))`; infinite at the ends of the support, NaN beyond.
  double toUnconstrained(double theta);

  /// Log-density of the prior; minus infinity outside the support.
  double logDensity(double theta);

  /// Traces the inverse bijection for any shape; the result lies strictly inside the support.
  Var fromUnconstrained(Var u);

  /// Traces the bijection for any shape; finite at and beyond the ends of the support.
  Var toUnconstrained(Var theta);

  /// Whether theta lies strictly inside the support.
  default boolean contains(double theta) {
    return logDensity(theta) > Double.NEGATIVE_INFINITY;
  }

  /// Uniform on the open interval (low, high): `theta = low + (high - low) Phi(u)`.
  ///
  /// @param parameter its name
  /// @param low lower end in the parameter's units
  /// @param high upper end
  record Uniform(String parameter, double low, double high) implements Marginal {
    /// Checks the bounds.
    ///
    /// @throws IllegalArgumentException unless low < high, both finite
    public Uniform {
      if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
        throw new IllegalArgumentException(
            parameter + " needs finite low < high, found " + low + " and " + high);
      }
    }

    @Override
    public double fromUnconstrained(double u) {
      double theta = StrictMath.fma(high - low, Special.normalCdf(u), low);
      return StrictMath.min(StrictMath.max(theta, Math.nextUp(low)), Math.nextDown(high));
    }

    @Override
    public double toUnconstrained(double theta) {
      return Special.normalQuantile((theta - low) / (high - low));
    }

    @Override
    public double logDensity(double theta) {
      return theta > low && theta < high ? -Special.log(high - low) : Double.NEGATIVE_INFINITY;
    }

    @Override
    public Var fromUnconstrained(Var u) {
      Var theta = u.normalCdf().mul(high - low).add(low);
      boolean single = u.type().dtype() == DType.FLOAT32;
      double least = single ? above((float) low, low) : Math.nextUp(low);
      double most = single ? below((float) high, high) : Math.nextDown(high);
      return theta.max(least).min(most);
    }

    @Override
    public Var toUnconstrained(Var theta) {
      boolean single = theta.type().dtype() == DType.FLOAT32;
      double least = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
      double most = single ? Math.nextDown(1f) : Math.nextDown(1.0);
      return theta.sub(low).div(high - low).max(least).min(most).normalQuantile();
    }

    private static double above(float f, double bound) {
      return f > bound ? f : Math.nextUp(f);
    }

    private static double below(float f, double bound) {
      return f < bound ? f : Math.nextDown(f);
    }
  }

  /// Normal: `theta = mean + sd u`.
  ///
  /// @param parameter its name
  /// @param mean in the parameter's units
  /// @param sd standard deviation, positive
  record Normal(String parameter, double mean, double sd) implements Marginal {
    /// Checks the spread.
    ///
    /// @throws IllegalArgumentException unless sd is positive and finite
    public Normal {
      if (!(sd > 0) || Double.isInfinite(sd)) {
        throw new IllegalArgumentException(parameter + " needs a positive sd, found " + sd);
      }
    }

    @Override
    public double fromUnconstrained(double u) {
      return StrictMath.fma(sd, u, mean);
    }

    @Override
    public double toUnconstrained(double theta) {
      return (theta - mean) / sd;
    }

    @Override
    public double logDensity(double theta) {
      double u = toUnconstrained(theta);
      return -0.5 * u * u - 0.9189385332046727 - Special.log(sd);
    }

    @Override
    public Var fromUnconstrained(Var u) {
      return u.mul(sd).add(mean);
    }

    @Override
    public Var toUnconstrained(Var theta) {
      return theta.sub(mean).div(sd);
    }
  }

  /// Log-normal: `theta = exp(mean + sd u)`.
  ///
  /// @param parameter its name
  /// @param mean of log theta
  /// @param sd standard deviation of log theta, positive
  record LogNormal(String parameter, double mean, double sd) implements Marginal {
    /// Checks the spread.
    ///
    /// @throws IllegalArgumentException unless sd is positive and finite
    public LogNormal {
      if (!(sd > 0) || Double.isInfinite(sd)) {
        throw new IllegalArgumentException(parameter + " needs a positive sd, found " + sd);
      }
    }

    @Override
    public double fromUnconstrained(double u) {
      double theta = Special.exp(StrictMath.fma(sd, u, mean));
      return StrictMath.min(StrictMath.max(theta, Double.MIN_VALUE), Double.MAX_VALUE);
    }

    @Override
    public double toUnconstrained(double theta) {
      return (Special.log(theta) - mean) / sd;
    }

    @Override
    public double logDensity(double theta) {
      if (!(theta > 0)) {
        return Double.NEGATIVE_INFINITY;
      }
      double u = toUnconstrained(theta);
      return -0.5 * u * u - 0.9189385332046727 - Special.log(sd) - Special.log(theta);
    }

    @Override
    public Var fromUnconstrained(Var u) {
      boolean single = u.type().dtype() == DType.FLOAT32;
      // The ends of each type's range: a double's least number is 0 in float.
      double least = single ? Float.MIN_NORMAL : Double.MIN_NORMAL;
      double most = single ? Float.MAX_VALUE : Double.MAX_VALUE;
      return u.mul(sd).add(mean).exp().max(least).min(most);
    }

    @Override
    public Var toUnconstrained(Var theta) {
      boolean single = theta.type().dtype() == DType.FLOAT32;
      return theta.max(single ? Float.MIN_NORMAL : Double.MIN_NORMAL).log().sub(mean).div(sd);
    }
  }
}
