package org.amortis.engine.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.op.Source;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Rewrites a program into an equal one with fewer and smaller steps: Program -> Program.
///
/// Rules: a reshape of a reshape is one reshape; repeating one element and reshaping it is
/// repeating it to the new shape; a pointwise op reads what a repetition repeats; factors 1 and
/// terms 0 disappear; pointwise ops on constants are computed. Equal nodes are recorded once.
public final class Simplify {
  private final Trace to;
  private final Map<Program.Value, Var> known = new HashMap<>();

  private Simplify(Trace to) {
    this.to = to;
  }

  /// The simplified program; simplifying it again changes nothing.
  public static Program of(Program p) {
    Program last = p;
    Program next = once(p);
    while (next.nodes().size() < last.nodes().size()) {
      last = next;
      next = once(last);
    }
    return next;
  }

  private static Program once(Program p) {
    Simplify s = new Simplify(new Trace(p.name()));
    for (Program.Node n : p.nodes()) {
      List<Var> in = n.in().stream().map(s.known::get).toList();
      List<Var> out = s.rewrite(n.op(), in, n);
      for (int i = 0; i < out.size(); i++) {
        s.known.put(new Program.Value(n.id(), i), out.get(i));
      }
    }
    p.outputs().forEach((k, v) -> s.to.output(k, s.known.get(v)));
    Map<String, Program.Node> inputs = p.inputs();
    p.updates()
        .forEach((k, v) ->
            s.to.update(s.known.get(new Program.Value(inputs.get(k).id(), 0)), s.known.get(v)));
    return s.to.program();
  }

  private List<Var> rewrite(Op op, List<Var> in, Program.Node n) {
    return switch (op) {
      case Move.Reshape r -> List.of(reshape(in.getFirst(), r.to()));
      case Move.Broadcast b -> List.of(to.broadcast(in.getFirst(), b.to()));
      case Pointwise p -> List.of(pointwise(p, in, n.types().getFirst().shape()));
      default -> to.apply(op, in);
    };
  }

  private Op op(Var v) {
    return to.nodes().get(v.value().node()).op();
  }

  private Var operand(Var v) {
    return to.var(to.nodes().get(v.value().node()).in().getFirst());
  }

  private Var reshape(Var x, Shape shape) {
    if (op(x) instanceof Move.Reshape) {
      return reshape(operand(x), shape);
    }
    if (op(x) instanceof Move.Broadcast && operand(x).type().size() == 1) {
      return to.broadcast(to.reshape(operand(x), Shape.SCALAR), shape);
    }
    return to.reshape(x, shape);
  }

  private Var pointwise(Pointwise p, List<Var> in, Shape shape) {
    List<Var> read = new ArrayList<>(in);
    for (int i = 0; i < read.size(); i++) {
      if (op(read.get(i)) instanceof Move.Broadcast) {
        List<Var> narrower = new ArrayList<>(read);
        narrower.set(i, operand(read.get(i)));
        List<Type> types = narrower.stream().map(Var::type).toList();
        if (p.infer(types).getFirst().shape().equals(shape)) {
          read = narrower;
        }
      }
    }
    if (read.stream().allMatch(v -> op(v) instanceof Source.Constant)) {
      List<double[]> values =
          read.stream().map(v -> new double[] {((Source.Constant) op(v)).value()}).toList();
      List<Type> types = read.stream().map(Var::type).toList();
      double value = p.evaluate(types, values).getFirst()[0];
      return to.scalar(value, p.infer(types).getFirst().dtype());
    }
    if (p instanceof Binary b) {
      Var a = read.get(0);
      Var c = read.get(1);
      if (b == Binary.MUL && is(c, 1) && a.shape().equals(shape)
          || (b == Binary.ADD || b == Binary.SUB) && is(c, 0) && a.shape().equals(shape)) {
        return a;
      }
      if (b == Binary.MUL && is(a, 1) && c.shape().equals(shape)
          || b == Binary.ADD && is(a, 0) && c.shape().equals(shape)) {
        return c;
      }
    }
    return to.apply(p, read).getFirst();
  }

  /// Whether every element of a value is the given number.
  private boolean is(Var v, double number) {
    return switch (op(v)) {
      case Source.Constant c -> c.value() == number;
      case Move.Broadcast b -> is(operand(v), number);
      default -> false;
    };
  }
}
