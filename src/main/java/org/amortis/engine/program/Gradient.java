package org.amortis.engine.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.Move;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Reverse-mode differentiation: Program -> Program.
public final class Gradient {
  private Gradient() {}

  /// A part of an adjoint that belongs to the range from `from` of one axis.
  private record Piece(int axis, int from, Var value) {
    int to() {
      return from + value.type().shape().dim(axis);
    }
  }

  /// The program with one more output `d_LABEL` for each input named, the gradient of a scalar
  /// output, of the input's type.
  ///
  /// @throws IllegalArgumentException for an input that is not there, or an output that is not one
  ///   float
  /// @throws UnsupportedOperationException when an op on the way has no gradient
  public static Program of(Program p, String output, List<String> inputs) {
    Trace t = Trace.of(p);
    Map<String, Program.Node> known = p.inputs();
    List<Var> wrt = new ArrayList<>();
    for (String label : inputs) {
      if (!known.containsKey(label)) {
        throw new IllegalArgumentException("no input " + label + "; there are " + known.keySet());
      }
      wrt.add(t.var(new Program.Value(known.get(label).id(), 0)));
    }
    List<Var> d = of(t.var(t.outputs().get(output)), wrt);
    for (int i = 0; i < d.size(); i++) {
      t.output("d_" + inputs.get(i), d.get(i));
    }
    return t.program();
  }

  /// Gradient of a scalar with respect to each of `wrt`, recorded in the scalar's own trace.
  ///
  /// @return one value of each one's type; zeros where the scalar does not depend on it
  /// @throws IllegalArgumentException when it is not one float
  /// @throws UnsupportedOperationException when an op on the way has no gradient
  public static List<Var> of(Var scalar, List<Var> wrt) {
    if (scalar.type().size() != 1 || !scalar.type().dtype().isFloat()) {
      throw new IllegalArgumentException("gradient of " + scalar.type() + ": it must be one float");
    }
    Trace t = scalar.trace();
    boolean[] wanted = reach(t, wrt, scalar.value().node());
    Map<Program.Value, List<Var>> whole = new HashMap<>();
    Map<Program.Value, List<Piece>> pieces = new HashMap<>();
    Var one = t.broadcast(t.scalar(1, scalar.type().dtype()), scalar.type().shape());
    whole.computeIfAbsent(scalar.value(), k -> new ArrayList<>()).add(one);
    for (int id = scalar.value().node(); id >= 0; id--) {
      Program.Node n = t.nodes().get(id);
      if (!wanted[id] || n.in().isEmpty()) {
        continue;
      }
      List<Var> out = new ArrayList<>();
      List<Var> adjoints = new ArrayList<>();
      boolean any = false;
      for (int i = 0; i < n.types().size(); i++) {
        Program.Value v = new Program.Value(id, i);
        out.add(t.var(v));
        Var d = total(t, v, whole, pieces);
        adjoints.add(d);
        any |= d != null;
      }
      if (!any) {
        continue;
      }
      if (n.op() instanceof Move.Slice s) {
        pieces
            .computeIfAbsent(n.in().getFirst(), k -> new ArrayList<>())
            .add(new Piece(s.axis(), s.from(), adjoints.getFirst()));
        continue;
      }
      List<Var> in = n.in().stream().map(t::var).toList();
      List<Var> d = n.op().gradient(t, in, out, adjoints);
      for (int i = 0; i < d.size(); i++) {
        if (d.get(i) != null && wanted[n.in().get(i).node()]) {
          whole.computeIfAbsent(n.in().get(i), k -> new ArrayList<>()).add(d.get(i));
        }
      }
    }
    List<Var> result = new ArrayList<>();
    for (Var v : wrt) {
      Var d = total(t, v.value(), whole, pieces);
      result.add(d != null ? d : t.zeros(v.type()));
    }
    return result;
  }

  /// Which nodes up to `last` depend on one of `wrt`.
  private static boolean[] reach(Trace t, List<Var> wrt, int last) {
    boolean[] reached = new boolean[last + 1];
    for (Var v : wrt) {
      if (v.value().node() <= last) {
        reached[v.value().node()] = true;
      }
    }
    for (int i = 0; i <= last; i++) {
      for (Program.Value v : t.nodes().get(i).in()) {
        reached[i] |= reached[v.node()];
      }
    }
    return reached;
  }

  private static Var total(
      Trace t,
      Program.Value v,
      Map<Program.Value, List<Var>> whole,
      Map<Program.Value, List<Piece>> pieces) {
    List<Var> terms = new ArrayList<>(whole.getOrDefault(v, List.of()));
    List<Piece> parts = pieces.get(v);
    if (parts != null) {
      terms.addAll(join(t, t.var(v).type(), parts));
    }
    return terms.stream().reduce(t::add).orElse(null);
  }

  /// Slices that do not overlap become one concatenation, so that a flat parameter vector's
  /// gradient is written in place; others are embedded in zeros one by one.
  private static List<Var> join(Trace t, Type type, List<Piece> parts) {
    int axis = parts.getFirst().axis;
    List<Piece> sorted = new ArrayList<>(parts);
    sorted.sort(Comparator.comparingInt(Piece::from));
    List<Var> filled = new ArrayList<>();
    int at = 0;
    for (Piece p : sorted) {
      if (p.axis != axis || p.from < at) {
        return parts.stream()
            .map(q -> t.one(new Move.Embed(q.axis, q.from, type.shape().dim(q.axis)), q.value))
            .toList();
      }
      if (p.from > at) {
        filled.add(gap(t, type, axis, p.from - at));
      }
      filled.add(p.value);
      at = p.to();
    }
    if (at < type.shape().dim(axis)) {
      filled.add(gap(t, type, axis, type.shape().dim(axis) - at));
    }
    return List.of(t.concat(filled, axis));
  }

  private static Var gap(Trace t, Type type, int axis, int extent) {
    Shape s = type.shape().with(axis, extent);
    return t.zeros(type.with(s));
  }
}
