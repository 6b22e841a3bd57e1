package org.amortis.inference.variational;

/// The lower bound on the log evidence that a variational objective maximises, and how many draws a
/// data set estimate it.
public sealed interface Bound {
  /// Draws a data set and component of the family.
  int draws();

  /// The evidence lower bound `E_q [log p(Z | theta) + log p(u) - log q(u | Z)]`, whose maximiser
  /// has the least reverse divergence `KL(q || posterior)` (Kingma and Welling 2014).
  record Evidence(int draws) implements Bound {
    /// Checks the number.
    ///
    /// @throws IllegalArgumentException when it is below 1
    public Evidence {
      positive(draws);
    }
  }

  /// The importance-weighted bound `E log 1/K sum_k p(Z, u_k) / q(u_k | Z)` (Burda, Grosse and
  /// Salakhutdinov 2016), with the reparameterised gradient of the whole expression. It rises to
  /// the log evidence with K; q is then a proposal that covers the posterior, and its own shape is
  /// less constrained by the bound (Rainforth et al. 2018), so weight its draws with
  /// [ImportanceSampling].
  record ImportanceWeighted(int draws) implements Bound {
    /// Checks the number.
    ///
    /// @throws IllegalArgumentException when it is below 1
    public ImportanceWeighted {
      positive(draws);
    }
  }

  private static void positive(int draws) {
    if (draws < 1) {
      throw new IllegalArgumentException("a bound needs at least 1 draw, found " + draws);
    }
  }
}
