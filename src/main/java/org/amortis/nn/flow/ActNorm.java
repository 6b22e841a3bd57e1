package org.amortis.nn.flow;

import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Scope;

/// A learned scale and shift of each column (Kingma and Dhariwal 2018): `y = exp(log_scale) x +
/// shift`, ladj `sum log_scale`.
///
/// x `(B, p)`. Parameters: log_scale `(p,)`, shift `(p,)`. It starts as the identity, or, given the
/// moments of the data, as their standardisation; no batch is looked at while training.
///
/// @param logScale first values of log_scale
/// @param shift first values of shift
public record ActNorm(Initializer logScale, Initializer shift) implements Bijection {
  /// Starts as the identity.
  public ActNorm() {
    this(Initializer.ZEROS, Initializer.ZEROS);
  }

  /// Starts as `(x - mean) / sd`.
  ///
  /// @param mean of each column `(p,)`
  /// @param sd of each column `(p,)`, positive
  /// @throws IllegalArgumentException when an sd is not positive
  public static ActNorm standardising(double[] mean, double[] sd) {
    double[] logScale = new double[sd.length];
    double[] shift = new double[sd.length];
    for (int i = 0; i < sd.length; i++) {
      if (!(sd[i] > 0)) {
        throw new IllegalArgumentException("[act_norm] sd must be positive, found " + sd[i]);
      }
      logScale[i] = -StrictMath.log(sd[i]);
      shift[i] = -mean[i] / sd[i];
    }
    return new ActNorm(new Initializer.Values(logScale), new Initializer.Values(shift));
  }

  @Override
  public Mapped forward(Scope scope, Var x, Var context) {
    Var log = scope.parameter("log_scale", logScale, x.dim(1));
    Var add = scope.parameter("shift", shift, x.dim(1));
    return new Mapped(x.mul(log.exp()).add(add), log.sum().broadcast(x.dim(0)));
  }

  @Override
  public Mapped inverse(Scope scope, Var latent, Var context) {
    Var log = scope.parameter("log_scale", logScale, latent.dim(1));
    Var add = scope.parameter("shift", shift, latent.dim(1));
    return new Mapped(
        latent.sub(add).mul(log.neg().exp()), log.sum().neg().broadcast(latent.dim(0)));
  }
}
