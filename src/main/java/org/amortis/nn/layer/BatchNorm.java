package org.amortis.nn.layer;

import org.amortis.engine.program.Var;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Batch normalisation over all axes but the last (Ioffe and Szegedy 2015): `y = scale (x - mean) /
/// sqrt(var + epsilon) + shift`.
///
/// In training mean and biased variance are those of the batch, and the running statistics become
/// `(1 - momentum) running + momentum batch`, with the unbiased variance `n / (n - 1) var`. In
/// evaluation the running statistics take their place. The two are different programs. Losses of
/// the samples of a batch are then not separable: prefer [LayerNorm].
///
/// x `(..., c)`, y alike, n the number of rows; fewer than 2 of them throw [ShapeException] in
/// training. Parameters: scale `(c,)` from 1, shift `(c,)` from 0; statistics: mean `(c,)` from 0,
/// variance `(c,)` from 1.
///
/// @param momentum weight of a batch in the running statistics
/// @param epsilon added to the variance
public record BatchNorm(double momentum, double epsilon) implements Network {
  /// Momentum 0.1 and epsilon 1e-5, PyTorch's.
  public BatchNorm() {
    this(0.1, 1e-5);
  }

  @Override
  public Var apply(Scope scope, Var x) {
    int c = x.dim(-1);
    Var scale = scope.parameter("scale", Initializer.ONES, c);
    Var shift = scope.parameter("shift", Initializer.ZEROS, c);
    Var runningMean = scope.statistic("mean", Initializer.ZEROS, c);
    Var runningVariance = scope.statistic("variance", Initializer.ONES, c);
    int n = x.type().size() / StrictMath.max(1, c);
    Var rows = x.reshape(n, c);
    Var centred;
    Var variance;
    if (scope.training()) {
      if (n < 2) {
        throw new ShapeException(
            "batch_norm", "needs at least 2 values a channel in training, found " + x.shape());
      }
      Var mean = rows.sum(0).mul(1.0 / n);
      centred = rows.sub(mean);
      variance = centred.square().sum(0).mul(1.0 / n);
      scope.update("mean", blend(runningMean, mean));
      scope.update("variance", blend(runningVariance, variance.mul(n / (n - 1.0))));
    } else {
      centred = rows.sub(runningMean);
      variance = runningVariance;
    }
    Var y = centred.mul(variance.add(epsilon).sqrt().reciprocal().mul(scale)).add(shift);
    return scope.trace().reshape(y, x.shape());
  }

  private Var blend(Var running, Var batch) {
    return running.mul(1 - momentum).add(batch.mul(momentum));
  }
}
