package org.amortis.nn.layer;

import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Permutation-invariant network for replicates (Zaheer et al. 2017): `y = outer(pool_j
/// inner(x_j))`.
///
/// x `(B, m, ...)`: B data sets of m replicates; inner turns `(B m, ...)` into `(B m, k)`; pooled
/// `(B, k)`, with log-count `(B, k + 1)`; y whatever outer makes of it. Parameters: `inner.`,
/// `outer.`.
///
/// With a mask `(B, m)` of ones and zeros the number of replicates varies between data sets: those
/// with 0 change nothing, whatever they hold, NaN included (unless inner looks across rows, as
/// batch norm does). A data set without replicates pools to 0.
///
/// @param inner network of one replicate
/// @param outer network of the pooled features
/// @param pooling how replicates are merged
/// @param logCount whether the logarithm of the number of replicates is appended to the pooled
///   features, so that the spread of a posterior may depend on it also under mean pooling
public record DeepSet(Network inner, Network outer, Pooling pooling, boolean logCount)
    implements Network {
  /// How replicates are merged.
  public enum Pooling {
    MEAN,
    SUM
  }

  /// Mean pooling without the count.
  public DeepSet(Network inner, Network outer) {
    this(inner, outer, Pooling.MEAN, false);
  }

  @Override
  public Var apply(Scope scope, Var x) {
    return apply(scope, x, null);
  }

  /// Traces the network for data sets with differing numbers of replicates.
  ///
  /// @param x `(B, m, ...)`
  /// @param mask `(B, m)`, 1 for a replicate and 0 for none, or null when all count
  /// @throws ShapeException when x has fewer than three axes, the mask is not `(B, m)`, or inner
  ///   does not give `(B m, k)`
  public Var apply(Scope scope, Var x, Var mask) {
    Shape s = x.shape();
    if (s.rank() < 3) {
      throw new ShapeException("deep_set", "needs (B, m, ...), found " + s);
    }
    int b = s.dim(0);
    int m = s.dim(1);
    if (mask != null && !mask.shape().equals(Shape.of(b, m))) {
      throw new ShapeException("deep_set", "mask of " + s + " must be (B, m), found " + mask);
    }
    Trace t = scope.trace();
    Shape sample = Shape.of(b * m);
    Shape ones = Shape.of(b * m);
    for (int i = 2; i < s.rank(); i++) {
      sample = sample.append(s.dim(i));
      ones = ones.append(1);
    }
    Var rows = t.reshape(x, sample);
    if (mask != null) {
      // Chosen rather than multiplied: 0 times NaN is NaN.
      rows = t.reshape(mask, ones).select(rows, t.constant(rows, 0));
    }
    Var features = inner.apply(scope.child("inner"), rows);
    if (features.shape().rank() != 2 || features.dim(0) != b * m) {
      throw new ShapeException(
          "deep_set", "inner must give (" + b * m + ", k), found " + features.shape());
    }
    int k = features.dim(1);
    Var each = features.reshape(b, m, k);
    if (mask != null) {
      each = mask.reshape(b, m, 1).select(each, t.constant(each, 0));
    }
    Var pooled = each.sum(1);
    Var count = mask == null ? null : mask.sum(1).max(1.0).reshape(b, 1);
    if (pooling == Pooling.MEAN) {
      pooled = count == null ? pooled.mul(1.0 / m) : pooled.div(count);
    }
    if (logCount) {
      Type one = x.type().with(Shape.of(b, 1));
      Var log = count == null ? t.zeros(one).add(StrictMath.log(m)) : count.log();
      pooled = pooled.concat(log, 1);
    }
    return outer.apply(scope.child("outer"), pooled);
  }

  /// This network for data whose masks travel inside them: `(B, m, n + 1)`, the n values of a
  /// replicate and then its mask.
  ///
  /// @param sample shape of one replicate, of n elements
  public Network packed(int... sample) {
    return new Packed(this, Shape.of(sample));
  }

  /// A record and no lambda: saved networks are told apart by their description.
  private record Packed(DeepSet set, Shape sample) implements Network {
    @Override
    public Var apply(Scope scope, Var x) {
      int n = x.dim(2) - 1;
      Shape shape = Shape.of(x.dim(0), x.dim(1)).append(sample.dims());
      Var mask = x.slice(2, n, n + 1).reshape(x.dim(0), x.dim(1));
      return set.apply(scope, scope.trace().reshape(x.slice(2, 0, n), shape), mask);
    }
  }
}
