package org.amortis.inference.summary;

import java.util.List;
import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.train.Objective;

/// Neural summaries by mutual information: a summary network S and a critic T(theta, S) that are
/// trained together so that T tells pairs (theta, S(Z)) of the model from pairs with another theta
/// (Belghazi et al. 2018; Chen et al. 2021; review, section 4.2).
///
/// The information between theta and S(Z) is at most that between theta and Z, with equality when S
/// is sufficient. Three objectives differ in how T is trained; each is maximal in S where a bound
/// on the information is. Other parameters come from the batch itself, rolled by a fixed number of
/// places: batches are random subsets, so a roll is as random as a permutation, leaves no pair as
/// it was, and repeats byte for byte.
///
/// Training columns: `u` (p,), the unconstrained parameters (the information does not change under
/// bijections), and `data`, one data set.
public sealed interface MutualInformation extends Objective
    permits DonskerVaradhan, JensenShannon, InfoNce {
  /// Network from data `(B, ...)` to summaries `(B, d)`.
  Network summary();

  /// Network from `(B, p + d)`, parameters and summaries side by side, to `(B, 1)`.
  Network critic();

  /// How many other parameters each data set of a batch is held against; a batch is larger.
  int rolls();

  /// Pairs of a batch are compared with each other.
  @Override
  default boolean separable() {
    return false;
  }

  /// The parameters of summary network and critic for data sets of the given shape.
  default ParameterLayout layout(Prior prior, Shape sample) {
    return ParameterLayout.of(scope -> {
      int least = rolls() + 1;
      Var data = scope.trace().data("column.data", new Type(DType.FLOAT32, sample.times(least)));
      Var u = scope.trace().data("column.u", Type.f32(least, prior.size()));
      losses(scope, Map.of("data", data, "u", u));
    });
  }

  /// The critic at each row.
  ///
  /// @param u `(B, p)`
  /// @param s `(B, d)`
  /// @return `(B,)`
  default Var scores(Scope scope, Var u, Var s) {
    int b = u.dim(0);
    Var t = critic().apply(scope.child("critic"), u.concat(s, 1));
    return t.reshape(b);
  }

  /// The critic at the pairs of a batch and at those with rolled parameters.
  ///
  /// @return `(1 + rolls, B)`, the pairs themselves first, then those rolled by 1 place and so on
  /// @throws IllegalArgumentException when the batch has no more samples than rolls
  default Var scores(Scope scope, Map<String, Var> batch) {
    Var u = batch.get("u");
    int b = u.dim(0);
    int rolls = rolls();
    if (b <= rolls) {
      throw new IllegalArgumentException(
          "[mutual_information] a batch of " + b + " has no " + rolls + " other parameters a pair");
    }
    Var s = summary().apply(scope.child("summary"), batch.get("data"));
    Var us = u;
    Var ss = s;
    for (int k = 1; k <= rolls; k++) {
      us = us.concat(rolled(u, k), 0);
      ss = ss.concat(s, 0);
    }
    // One call, so that a critic with batch norm sees both kinds of pairs in one batch.
    return scores(scope, us, ss).reshape(1 + rolls, b);
  }

  private static Var rolled(Var x, int by) {
    int b = x.dim(0);
    return x.trace().concat(List.of(x.slice(0, by, b), x.slice(0, 0, by)), 0);
  }
}
