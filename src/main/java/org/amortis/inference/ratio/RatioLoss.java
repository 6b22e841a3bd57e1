package org.amortis.inference.ratio;

import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;

/// A loss on the log ratios of all pairs of a batch.
///
/// Row i, column j of the matrix is `log r(theta_j, Z_i)`: the diagonal holds the B pairs of the
/// joint law, the rest B (B - 1) pairs of independent theta and Z.
public sealed interface RatioLoss
    permits BinaryRatioLoss,
        ContrastiveRatioLoss,
        IndependentContrastiveLoss,
        BalancedRatioLoss,
        ConservativeRatioLoss {

  /// Traces the loss of each sample; its mean over the batch is minimised.
  ///
  /// @param log `(B, B)`
  /// @return `(B,)`
  /// @throws IllegalArgumentException when the batch has too few pairs for the loss
  Var of(Var log);

  /// Columns `i, i + 1, ..., i + B - 1` (modulo B) of row i: column 0 is the diagonal.
  ///
  /// @param log `(B, B)`
  /// @return `(B, B)`
  static Var rotated(Var log) {
    Trace t = log.trace();
    int b = log.dim(0);
    // Element (i, i + d) of a row written twice lies at i (2 B + 1) + d.
    Var twice = t.reshape(log.concat(log, 1), Shape.of(2 * b * b));
    Var padded = twice.concat(t.zeros(log.type().with(Shape.of(b))), 0);
    return padded.reshape(b, 2 * b + 1).slice(1, 0, b);
  }

  /// Checks that a batch has independent pairs at all.
  static int pairs(Var log, int contrasts) {
    int b = log.dim(0);
    if (log.shape().rank() != 2 || log.dim(1) != b || b < 2 || contrasts > b - 1) {
      throw new IllegalArgumentException(
          "ratio loss needs (B, B) with B > "
              + StrictMath.max(1, contrasts)
              + ", found "
              + log.shape());
    }
    return b;
  }
}
