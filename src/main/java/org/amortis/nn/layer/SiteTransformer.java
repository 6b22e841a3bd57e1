package org.amortis.nn.layer;

import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Summaries of data at irregular sites: a transformer on the set of (location, values) pairs.
///
/// x `(B, n, d + c)`: room for n sites, each its d coordinates and c values; a site with a NaN is
/// absent; x with another number of axes, or without values, throws [ShapeException]. y `(B, 2
/// width + 1)`: the mean of the sites' features, their mean weighted by attention, and the
/// logarithm of the number of sites. The order of the sites and how many places are empty do not
/// matter.
///
/// Each block is `h + attention(norm h)`, then `h + W1 relu(W0 norm h)`. In [SiteAttention] near
/// sites weigh more, by decay rates that are learned, so that a site compares itself with its
/// neighbourhood; the role of the spatial weights in graph networks for irregular data
/// (Sainsbury-Dale et al. 2025). Sets of vectors by attention: Lee et al. (2019). Parameters:
/// `embed.`, `0.` and further blocks, `norm.`, `weight.`.
///
/// @param dimensions d, number of coordinates
/// @param width features a site, a multiple of heads
/// @param heads of each attention
/// @param blocks number of blocks
/// @param absolute whether features may depend on where a site is, and not on distances alone
public record SiteTransformer(int dimensions, int width, int heads, int blocks, boolean absolute)
    implements Network {
  /// Checks the settings.
  ///
  /// @throws IllegalArgumentException when one is below 1 or width no multiple of heads
  public SiteTransformer {
    if (dimensions < 1 || heads < 1 || blocks < 1 || width < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "[site_transformer] needs dimensions, heads, blocks of at least 1 and a width that is a"
              + " multiple of heads, found "
              + dimensions
              + ", "
              + heads
              + ", "
              + blocks
              + ", "
              + width);
    }
  }

  @Override
  public Var apply(Scope scope, Var x) {
    if (x.shape().rank() != 3 || x.dim(2) <= dimensions) {
      throw new ShapeException(
          "site_transformer",
          "needs (B, n, " + dimensions + " coordinates and values), found " + x.shape());
    }
    Trace t = scope.trace();
    int b = x.dim(0);
    int n = x.dim(1);
    int columns = x.dim(2);
    Var seen = Missing.present(x).sum(2);
    Var mask = t.less(t.constant(seen, columns - 0.5), seen);
    Var sites = mask.reshape(b, n, 1).select(x, t.constant(x, 0));
    Var distance = distances(sites.slice(2, 0, dimensions));
    int from = absolute ? 0 : dimensions;
    Var rows = sites.slice(2, from, columns).reshape(b * n, columns - from);
    Var h = new Dense(width).apply(scope.child("embed"), rows);
    SiteAttention attention = new SiteAttention(heads);
    for (int i = 0; i < blocks; i++) {
      Scope block = scope.child(Integer.toString(i));
      Var normed = new LayerNorm().apply(block.child("norm0"), h);
      h = h.add(attention.apply(block.child("attention"), normed, distance, mask));
      normed = new LayerNorm().apply(block.child("norm1"), h);
      Var wide = new Dense(2 * width, Activation.RELU).apply(block.child("first"), normed);
      h = h.add(new Dense(width).apply(block.child("second"), wide));
    }
    h = new LayerNorm().apply(scope.child("norm"), h);
    return pooled(scope, h, mask);
  }

  private Var pooled(Scope scope, Var h, Var mask) {
    Trace t = scope.trace();
    int b = mask.dim(0);
    int n = mask.dim(1);
    Var count = mask.sum(1).max(1.0).reshape(b, 1);
    Var each = mask.reshape(b, n, 1).select(h.reshape(b, n, width), t.constant(h, 0));
    Var mean = each.sum(1).div(count);
    // One weight a head and site: each head averages its part of the features.
    Var scores = new Dense(heads).apply(scope.child("weight"), h).reshape(b, n, heads);
    Var weights = SiteAttention.weights(t.swap(scores), mask.reshape(b, 1, n));
    int part = width / heads;
    Var parts = SiteAttention.split(each.reshape(b * n, width), b, heads);
    Var weighted = weights.reshape(b, heads, 1, n).matmul(parts).reshape(b, heads * part);
    return mean.concat(weighted, 1).concat(count.log(), 1);
  }

  /// Distances of all pairs of sites, `(B, n, n)`.
  private Var distances(Var at) {
    int b = at.dim(0);
    int n = at.dim(1);
    Var apart = at.reshape(b, n, 1, dimensions).sub(at.reshape(b, 1, n, dimensions));
    // The root has no slope at 0.
    return apart.square().sum(3).add(1e-12).sqrt();
  }
}
