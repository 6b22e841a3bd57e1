package org.amortis.inference.ratio;

import java.util.function.Function;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.nn.Scope;

/// A ratio in the place of a likelihood, for data whose share of the first joint layer is known:
/// samplers and grids run the small head only.
final class RatioLikelihood implements LogLikelihood {
  private static final String DATA = "ratio_data";

  private final NeuralRatio ratio;
  private final int subset;
  private final Function<Trace, Scope> network;
  private final float[] shares;

  /// @param network where its parameters stand in a program
  /// @param shares `(F, w)`, see [RatioHead#ofData]
  RatioLikelihood(NeuralRatio ratio, int subset, Function<Trace, Scope> network, float[] shares) {
    this.ratio = ratio;
    this.subset = subset;
    this.network = network;
    this.shares = shares;
  }

  @Override
  public int count() {
    return shares.length / ratio.head().width();
  }

  @Override
  public Var each(Var theta, int repeat) {
    Scope scope = scope(theta.trace());
    Var own = own(scope, theta);
    return theta.trace().cast(ratio.head().each(scope, data(theta), own, repeat), DType.FLOAT64);
  }

  @Override
  public Var all(Var theta) {
    Scope scope = scope(theta.trace());
    Var own = own(scope, theta);
    return theta.trace().cast(ratio.head().all(scope, data(theta), own, false), DType.FLOAT64);
  }

  private Scope scope(Trace t) {
    Scope all = network.apply(t);
    return ratio.headScope(all, subset);
  }

  private Var data(Var theta) {
    Shape shape = Shape.of(count(), ratio.head().width());
    return theta.trace().data(DATA, new Type(DType.FLOAT32, shape));
  }

  private Var own(Scope scope, Var theta) {
    return ratio.head().ofParameters(scope, unconstrained(ratio.prior(subset), theta));
  }

  /// The bijection in the precision of theta, then float32.
  static Var unconstrained(Prior prior, Var theta) {
    return theta.trace().cast(prior.toUnconstrained(theta), DType.FLOAT32);
  }

  @Override
  public void bind(Executable program) {
    program.input(DATA).write(shares, 0);
  }
}
