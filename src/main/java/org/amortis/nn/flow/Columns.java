package org.amortis.nn.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;

/// Choosing and reassembling columns of points `(B, p)`.
final class Columns {
  private Columns() {}

  /// The even or the odd ones of `p` columns; all of them when there is only one.
  static List<Integer> parity(int p, boolean even) {
    if (p == 1) {
      return List.of(0);
    }
    List<Integer> columns = new ArrayList<>();
    for (int i = even ? 0 : 1; i < p; i += 2) {
      columns.add(i);
    }
    return columns;
  }

  static List<Integer> others(int p, List<Integer> columns) {
    List<Integer> rest = new ArrayList<>();
    for (int i = 0; i < p; i++) {
      if (!columns.contains(i)) {
        rest.add(i);
      }
    }
    return rest;
  }

  /// The given columns in the given order.
  static Var take(Var x, List<Integer> columns) {
    List<Var> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); ) {
      int run = 1;
      while (i + run < columns.size() && columns.get(i + run) == columns.get(i) + run) {
        run++;
      }
      parts.add(x.slice(1, columns.get(i), columns.get(i) + run));
      i += run;
    }
    return x.trace().concat(parts, 1);
  }

  /// Columns of `a` at the places `at`, those of `b` at the places `bt`.
  static Var merge(Var a, List<Integer> at, Var b, List<Integer> bt) {
    Var both = a.concat(b, 1);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < at.size() + bt.size(); i++) {
      int place = at.indexOf(i);
      order.add(place >= 0 ? place : at.size() + bt.indexOf(i));
    }
    return take(both, order);
  }

  /// Each row as often as needed to have `rows` of them.
  static Var repeat(Var x, int rows) {
    int groups = x.dim(0);
    if (groups == rows) {
      return x;
    }
    int c = x.dim(1);
    Var each = x.reshape(groups, 1, c).broadcast(groups, rows / groups, c);
    return x.trace().reshape(each, Shape.of(rows, c));
  }
}
