package org.amortis.inference.ratio;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.train.Objective;

/// Likelihood-to-evidence ratio `r(theta, Z) = p(Z | theta) / p(Z)` by a classifier that tells
/// pairs of the joint law from independent ones (review, section 4).
///
/// The classifier is `sigmoid(log r)`. One pass gives the ratios of all B x B pairs of a batch: the
/// summary network runs once a data set, only the last layers once a pair, see [RatioHead]. Where
/// several subsets of the parameters are named, each has a head of its own and its ratio is the
/// marginal one, `p(Z | theta_subset) / p(Z)` (Miller et al. 2021); they share the summary network.
///
/// Training columns: `u` (p,), the unconstrained parameters, and `data`, one data set.
///
/// @param prior of the parameters
/// @param summary network from data `(B, ...)` to the context `(B, c)`
/// @param head joins context and parameters; each subset has its own weights
/// @param loss on the `(B, B)` matrix of log ratios
/// @param subsets indices of parameters, in increasing order, one list a ratio
public record NeuralRatio(
    Prior prior, Network summary, RatioHead head, RatioLoss loss, List<List<Integer>> subsets)
    implements Objective {

  /// Copies and checks the subsets.
  ///
  /// @throws IllegalArgumentException when there is none, or one is empty, not increasing or names
  ///   a parameter that is not there
  public NeuralRatio {
    subsets = subsets.stream().map(List::copyOf).toList();
    if (subsets.isEmpty()) {
      throw new IllegalArgumentException("a ratio needs at least one subset of the parameters");
    }
    for (List<Integer> s : subsets) {
      int last = -1;
      for (int i : s) {
        if (i <= last || i >= prior.size()) {
          throw new IllegalArgumentException(
              "indices must increase below " + prior.size() + ", found " + s);
        }
        last = i;
      }
      if (s.isEmpty()) {
        throw new IllegalArgumentException("a subset of parameters is empty");
      }
    }
  }

  /// The ratio of all parameters together.
  public NeuralRatio(Prior prior, Network summary, RatioHead head, RatioLoss loss) {
    this(prior, summary, head, loss, List.of(IntStream.range(0, prior.size()).boxed().toList()));
  }

  /// The ratio of each parameter alone.
  public static NeuralRatio ofEach(Prior prior, Network summary, RatioHead head, RatioLoss loss) {
    return new NeuralRatio(
        prior, summary, head, loss, IntStream.range(0, prior.size()).mapToObj(List::of).toList());
  }

  /// The prior of the parameters of a subset, by its index in [#subsets].
  public Prior prior(int subset) {
    List<Marginal> some = new ArrayList<>();
    for (int i : subsets.get(subset)) {
      some.add(prior.marginals().get(i));
    }
    return new Prior(some);
  }

  /// The parameters of the network for data sets of the given shape.
  ///
  /// @throws org.amortis.engine.shape.ShapeException when the networks do not take this shape
  public ParameterLayout layout(Shape sample) {
    return ParameterLayout.of(scope -> {
      Type two = new Type(DType.FLOAT32, sample.times(2));
      Var data = scope.trace().data("column.data", two);
      Var u = scope.trace().data("column.u", Type.f32(2, prior.size()));
      Var context = context(scope, data);
      for (int k = 0; k < subsets.size(); k++) {
        all(scope, k, context, columns(u, k), true);
      }
    });
  }

  /// The losses compare the samples of a batch with each other.
  @Override
  public boolean separable() {
    return false;
  }

  @Override
  public Var losses(Scope scope, Map<String, Var> batch) {
    Var context = context(scope, batch.get("data"));
    Var total = null;
    for (int k = 0; k < subsets.size(); k++) {
      Var one = loss.of(all(scope, k, context, columns(batch.get("u"), k), true));
      total = total == null ? one : total.add(one);
    }
    return total;
  }

  Var context(Scope scope, Var data) {
    return summary.apply(scope.child("summary"), data);
  }

  Scope headScope(Scope scope, int subset) {
    return scope.child("ratio" + subset);
  }

  private Var all(Scope scope, int subset, Var context, Var u, boolean dataFirst) {
    Scope s = headScope(scope, subset);
    return head.all(s, head.ofData(s, context), head.ofParameters(s, u), dataFirst);
  }

  /// The columns of a subset of `(B, p)`.
  private Var columns(Var u, int subset) {
    List<Integer> some = subsets.get(subset);
    if (some.size() == prior.size()) {
      return u;
    }
    List<Var> parts = new ArrayList<>();
    for (int i : some) {
      parts.add(u.slice(1, i, i + 1));
    }
    return u.trace().concat(parts, 1);
  }
}
