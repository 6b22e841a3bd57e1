package org.amortis.engine.program;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.amortis.engine.op.Source;
import org.amortis.engine.shape.Type;

/// Checks that a program is well formed; run after every pass in tests and with assertions on.
///
/// Laws: ids count up from 0; operands are results of earlier nodes; types are what the op infers;
/// labels of inputs are distinct; outputs and updates are results; an update names a state input of
/// the same type.
public final class Verify {
  private Verify() {}

  /// Returns the program unchanged.
  ///
  /// @throws IllegalStateException naming the first node that breaks a law
  public static Program check(Program p) {
    Set<String> labels = new HashSet<>();
    for (int i = 0; i < p.nodes().size(); i++) {
      Program.Node n = p.nodes().get(i);
      require(n.id() == i, p, n, "has id " + n.id() + " at place " + i);
      for (Program.Value v : n.in()) {
        require(v.node() >= 0 && v.node() < i, p, n, "uses %" + v.node() + " before it is bound");
        int results = p.nodes().get(v.node()).types().size();
        require(v.output() >= 0 && v.output() < results, p, n, "uses result " + v.output());
      }
      List<Type> inferred = n.op().infer(p.operandTypes(n));
      require(inferred.equals(n.types()), p, n, "says " + n.types() + ", op infers " + inferred);
      if (n.op() instanceof Source.Input in) {
        require(labels.add(in.label()), p, n, "repeats the label " + in.label());
      }
    }
    p.outputs().forEach((k, v) -> bound(p, "output " + k, v));
    p.updates()
        .forEach((k, v) -> {
          bound(p, "update of " + k, v);
          Program.Node n = p.inputs().get(k);
          if (n == null
              || ((Source.Input) n.op()).role() != Source.Role.STATE
              || !p.type(v).equals(n.types().getFirst())) {
            throw new IllegalStateException(
                "program "
                    + p.name()
                    + ": update of "
                    + k
                    + " needs a state input of type "
                    + p.type(v));
          }
        });
    return p;
  }

  private static void bound(Program p, String what, Program.Value v) {
    boolean node = v.node() >= 0 && v.node() < p.nodes().size();
    if (!node || v.output() < 0 || v.output() >= p.nodes().get(v.node()).types().size()) {
      throw new IllegalStateException("program " + p.name() + ": " + what + " is no result: " + v);
    }
  }

  private static void require(boolean holds, Program p, Program.Node n, String what) {
    if (!holds) {
      throw new IllegalStateException(
          "program " + p.name() + ": node %" + n.id() + " " + Print.op(n.op()) + " " + what);
    }
  }
}
