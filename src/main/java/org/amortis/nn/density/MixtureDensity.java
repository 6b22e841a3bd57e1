package org.amortis.nn.density;

import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Scope;
import org.amortis.nn.flow.Conditioner;

/// A mixture of Gaussians with diagonal covariances; weights, means and scales come from the
/// context (Bishop 1994).
///
/// `log q(u) = log sum_k w_k prod_j N(u_j; m_kj, s_kj)`, w the softmax of the logits. A fresh
/// mixture has its means spread evenly from -1.5 to 1.5. Draws choose a component by their uniform
/// noise; [#drawn] draws from every component. Shapes as in [ConditionalDensity].
///
/// @param p number of parameters
/// @param components K
/// @param conditioner gives `(B, K (1 + 2 p))`: K logits, K p means, K p logarithms of scales,
///   component after component
public record MixtureDensity(int p, int components, Conditioner conditioner)
    implements ConditionalDensity {

  private Var raw(Scope scope, Var context) {
    int k = components;
    double[] start = new double[k * (1 + 2 * p)];
    for (int i = 0; i < k * p; i++) {
      start[k + i] = k == 1 ? 0 : 3.0 * (i / p) / (k - 1) - 1.5;
    }
    return conditioner.apply(scope, null, context, start.length, start);
  }

  @Override
  public Var logProb(Scope scope, Var u, Var context) {
    return log(u, raw(scope, context));
  }

  private Var log(Var u, Var raw) {
    int k = components;
    int g = raw.dim(0);
    int s = u.dim(0) / g;
    Var logits = raw.slice(1, 0, k);
    Var mean = raw.slice(1, k, k + k * p).reshape(g, 1, k, p);
    Var logScale = raw.slice(1, k + k * p, k + 2 * k * p).reshape(g, 1, k, p);
    Var z = u.reshape(g, s, 1, p).sub(mean).mul(logScale.neg().exp());
    Var each = z.square().mul(-0.5).sub(logScale).sum(3).add(-FlowDensity.HALF_LOG_2PI * p);
    Var sum = each.add(logits.reshape(g, 1, k)).logSumExp(2);
    return sum.sub(logits.logSumExp(1).reshape(g, 1)).reshape(g * s);
  }

  @Override
  public Drawn drawn(Scope scope, Var context, Var normal) {
    int k = components;
    Var raw = raw(scope, context);
    int g = raw.dim(0);
    int s = normal.dim(0) / (g * k);
    Var mean = raw.slice(1, k, k + k * p).reshape(g, k, 1, p);
    Var scale = raw.slice(1, k + k * p, k + 2 * k * p).exp().reshape(g, k, 1, p);
    Var u = normal.reshape(g, k, s, p).mul(scale).add(mean).reshape(g * k * s, p);
    Var logits = raw.slice(1, 0, k);
    Var weight = logits.sub(logits.logSumExp(1).reshape(g, 1)).sub(StrictMath.log(s));
    Var logWeight = weight.reshape(g, k, 1).broadcast(g, k, s).reshape(g * k * s);
    return new Drawn(u, log(u, raw), logWeight);
  }

  @Override
  public Var draw(Scope scope, Var context, Var normal, Var uniform) {
    int k = components;
    Var raw = raw(scope, context);
    int g = raw.dim(0);
    int s = normal.dim(0) / g;
    double[] sums = new double[k * k];
    for (int i = 0; i < k; i++) {
      for (int j = i; j < k; j++) {
        sums[i * k + j] = 1;
      }
    }
    Var upper = raw.trace().table(new Type(raw.type().dtype(), Shape.of(k, k)), sums);
    Var cumulative = raw.slice(1, 0, k).softmax().matmul(upper).reshape(g, 1, k);
    // Component j is chosen when the uniform falls between the cumulative weights j - 1 and j; the
    // last takes the rest.
    Var above = uniform.reshape(g, s, 1).lessEqual(cumulative);
    Var rows = above.reshape(g * s, k);
    Var ones = raw.trace().zeros(rows.type().with(Shape.of(g * s, 1))).add(1);
    Var upTo = k == 1 ? ones : rows.slice(1, 0, k - 1).concat(ones, 1);
    Var chosen = upTo;
    if (k > 1) {
      Var before = raw.trace().zeros(ones.type()).concat(upTo.slice(1, 0, k - 1), 1);
      chosen = upTo.sub(before);
    }
    Var pick = chosen.reshape(g, s, k);
    Var mean = pick.matmul(raw.slice(1, k, k + k * p).reshape(g, k, p));
    Var scale = pick.matmul(raw.slice(1, k + k * p, k + 2 * k * p).reshape(g, k, p)).exp();
    return normal.reshape(g, s, p).mul(scale).add(mean).reshape(g * s, p);
  }

  @Override
  public boolean choosesComponent() {
    return true;
  }
}
