package org.amortis.nn.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;

/// Ready-made flows for p parameters; values to latent variables is forward.
public final class Flows {
  private Flows() {}

  /// Rational-quadratic spline couplings (Durkan et al. 2019) that move the even and the odd
  /// columns in turn, with a random permutation after every second one from three parameters on; it
  /// starts as the identity up to the permutations.
  ///
  /// For p = 1 every coupling is a monotone spline whose parameters depend on the context alone, or
  /// are trained themselves when there is none.
  ///
  /// @param p number of parameters
  /// @param transforms number of couplings, at least 1; from two on every column moves
  /// @param hidden width of the two hidden layers of each conditioner
  /// @param bins of each spline
  /// @param bound the splines act on (-bound, bound) and are the identity outside
  /// @throws IllegalArgumentException without transforms, or when [Spline] refuses bins or bound
  public static Bijection spline(int p, int transforms, int hidden, int bins, double bound) {
    Spline spline = Spline.of(bins, bound);
    List<Bijection> parts = new ArrayList<>();
    for (int i = 0; i < transforms; i++) {
      parts.add(new SplineCoupling(spline, Conditioner.mlp(hidden, hidden), i % 2 == 0));
      mix(parts, p, i, transforms);
    }
    return new Composition(parts);
  }

  /// Affine couplings with clamped log scales (Dinh et al. 2017), arranged as in [#spline].
  ///
  /// For p = 1 the flow is Gaussian given the context.
  ///
  /// @param p number of parameters
  /// @param transforms number of couplings, at least 1; from two on every column moves
  /// @param hidden width of the two hidden layers of each conditioner
  /// @throws IllegalArgumentException without transforms
  public static Bijection affine(int p, int transforms, int hidden) {
    List<Bijection> parts = new ArrayList<>();
    for (int i = 0; i < transforms; i++) {
      parts.add(new AffineCoupling(Conditioner.mlp(hidden, hidden), i % 2 == 0));
      mix(parts, p, i, transforms);
    }
    return new Composition(parts);
  }

  /// With one or two columns the alternation alone mixes; a reversal would undo it.
  private static void mix(List<Bijection> parts, int p, int i, int transforms) {
    if (p > 2 && i % 2 == 1 && i < transforms - 1) {
      parts.add(Permutation.random(p, i));
    }
  }

  /// The network of sbi 0.27's default neural spline flow, without its standardising (see
  /// [Standardise]): [#nsf] of 5 transforms, width 50 and 10 bins on (-3, 3); 60,925 parameters for
  /// p = 2 and 2 context features.
  ///
  /// @param p number of parameters
  /// @param contextFeatures columns of the context; 0 for none
  public static Bijection sbiNsf(int p, int contextFeatures) {
    return nsf(p, contextFeatures, 5, 50, 10, 3);
  }

  /// A neural spline flow arranged as sbi and nflows do.
  ///
  /// Spline couplings with raw widths and heights divided by sqrt(hidden), conditioners with two
  /// residual blocks gated by the context, an [LuLinear] after each. For p = 1 conditional splines,
  /// each with its own multilayer perceptron of two hidden layers on the context, and no linear
  /// maps. Layers start as PyTorch's do. A context of another width throws [ShapeException] while
  /// the flow is traced.
  ///
  /// @param p number of parameters
  /// @param contextFeatures columns of the context; 0 for none
  /// @param transforms number of couplings, at least 1
  /// @param hidden width of the conditioners
  /// @param bins of each spline
  /// @param bound the splines act on (-bound, bound) and are the identity outside
  /// @throws IllegalArgumentException when p or transforms is below 1, contextFeatures is negative,
  ///   or [Spline] refuses bins or bound
  public static Bijection nsf(
      int p, int contextFeatures, int transforms, int hidden, int bins, double bound) {
    if (p < 1 || contextFeatures < 0) {
      throw new IllegalArgumentException(
          "[nsf] needs at least 1 parameter, found p " + p + ", context " + contextFeatures);
    }
    Conditioner conditioner =
        p > 1
            ? new ResidualConditioner(hidden, 2)
            : new HiddenConditioner(
                Sequential.of(
                    Dense.fanIn(hidden, Activation.RELU), Dense.fanIn(hidden, Activation.RELU)),
                false);
    Conditioner checked = new Checked(conditioner, contextFeatures);
    double share = 1 / StrictMath.sqrt(hidden);
    List<Bijection> parts = new ArrayList<>();
    for (int i = 0; i < transforms; i++) {
      parts.add(new SplineCoupling(Spline.of(bins, bound), checked, i % 2 == 0, share));
      if (p > 1) {
        parts.add(new LuLinear());
      }
    }
    return new Composition(parts);
  }

  /// A record and no lambda: saved networks are told apart by their description.
  private record Checked(Conditioner conditioner, int contextFeatures) implements Conditioner {
    @Override
    public Var apply(Scope scope, Var fixed, Var context, int outputs, double... start) {
      int found = context == null ? 0 : context.dim(1);
      if (found != contextFeatures) {
        throw new ShapeException(
            "nsf", "context has " + found + " features, expected " + contextFeatures);
      }
      return conditioner.apply(scope, fixed, context, outputs, start);
    }
  }
}
