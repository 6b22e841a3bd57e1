package org.amortis.nn.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Scope;

/// A fixed permutation of the columns: column j of the result is column `order[j]` of x; ladj 0.
///
/// x `(B, p)`; another number of columns throws [ShapeException]. No parameters.
///
/// @param order holds each of 0..p-1 once
public record Permutation(List<Integer> order) implements Bijection {
  /// Stream number of random orders.
  private static final int STREAM = 600;

  /// Copies the order.
  ///
  /// @throws IllegalArgumentException unless it holds each of 0..p-1 once
  public Permutation {
    order = List.copyOf(order);
    for (int i = 0; i < order.size(); i++) {
      if (!order.contains(i)) {
        throw new IllegalArgumentException("[permutation] no permutation: " + order);
      }
    }
  }

  /// The last column first.
  public static Permutation reverse(int p) {
    List<Integer> order = new ArrayList<>();
    for (int i = p - 1; i >= 0; i--) {
      order.add(i);
    }
    return new Permutation(order);
  }

  /// A uniformly random order, a function of the seed.
  public static Permutation random(int p, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i : Streams.permutation(new RandomKey(seed, STREAM), 0, p)) {
      order.add(i);
    }
    return new Permutation(order);
  }

  @Override
  public Mapped forward(Scope scope, Var x, Var context) {
    return map(x, order);
  }

  @Override
  public Mapped inverse(Scope scope, Var latent, Var context) {
    List<Integer> back = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      back.add(order.indexOf(i));
    }
    return map(latent, back);
  }

  private static Mapped map(Var x, List<Integer> columns) {
    if (x.dim(1) != columns.size()) {
      throw new ShapeException("permutation", "of " + columns.size() + " columns, found " + x);
    }
    Var ladj = x.trace().zeros(x.type().with(Shape.of(x.dim(0))));
    return new Mapped(Columns.take(x, columns), ladj);
  }
}
