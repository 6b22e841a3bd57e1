package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// The ops of one step of random-walk Metropolis-Hastings in a program that is nothing but such a
/// step: [RandomWalk.Propose], [RandomWalk.Accept] and [RandomWalk.Keep] on the same state, and the
/// count of steps.
///
/// @param count adds 1 to the key's step
/// @param state what the step renews
record ChainStep(
    Program.Node propose,
    Program.Node accept,
    Program.Node keep,
    Program.Node count,
    Set<Program.Value> state) {

  /// What the stages of a run are launched with.
  ///
  /// @param density null where no stage is one
  record Stages(
      int times,
      int count,
      Place table,
      Place constants,
      Place data,
      int repeat,
      GaussianLogDensity density) {}

  /// The step, or null where the program is something else.
  static ChainStep of(Program p) {
    Program.Node propose = only(p, RandomWalk.Propose.class);
    Program.Node accept = only(p, RandomWalk.Accept.class);
    Program.Node keep = only(p, RandomWalk.Keep.class);
    if (propose == null
        || accept == null
        || keep == null
        || !p.outputs().isEmpty()
        || p.updates().size() != 7) {
      return null;
    }
    List<Program.Value> a = accept.in();
    Program.Value key = propose.in().get(2);
    boolean same =
        propose.in().get(0).equals(a.get(0))
            && propose.in().get(1).equals(a.get(2))
            && a.get(5).equals(new Program.Value(propose.id(), 0))
            && a.get(6).equals(new Program.Value(propose.id(), 1))
            && a.get(9).equals(key)
            && keep.in().get(1).equals(new Program.Value(accept.id(), 0))
            && keep.in().get(3).equals(key)
            && renewed(p, keep.in().get(0), new Program.Value(keep.id(), 0));
    for (int i = 0; same && i < 5; i++) {
      same = renewed(p, a.get(i), new Program.Value(accept.id(), i));
    }
    Program.Node count = same ? count(p, key) : null;
    if (count == null) {
      return null;
    }
    Set<Program.Value> state = new HashSet<>(a.subList(0, 5));
    state.add(keep.in().getFirst());
    state.add(key);
    return new ChainStep(propose, accept, keep, count, state);
  }

  private static Program.Node only(Program p, Class<? extends Op> kind) {
    List<Program.Node> all = p.nodes().stream().filter(n -> kind.isInstance(n.op())).toList();
    return all.size() == 1 ? all.getFirst() : null;
  }

  /// Whether a value is state and a result its new value.
  private static boolean renewed(Program p, Program.Value state, Program.Value result) {
    for (Map.Entry<String, Program.Value> u : p.updates().entrySet()) {
      if (p.inputs().get(u.getKey()).id() == state.node()) {
        return u.getValue().equals(result);
      }
    }
    return false;
  }

  /// The node that renews the key by adding (0, 0, 1).
  private static Program.Node count(Program p, Program.Value key) {
    for (Program.Node n : p.nodes()) {
      if (n.op() == Binary.ADD && renewed(p, key, new Program.Value(n.id(), 0))) {
        boolean first = n.in().get(0).equals(key);
        Program.Node by = p.nodes().get(n.in().get(first ? 1 : 0).node());
        boolean one =
            n.in().get(first ? 0 : 1).equals(key)
                && by.op() instanceof Source s
                && !(s instanceof Source.Input)
                && Arrays.equals(
                    s.evaluate(List.of(), List.of()).getFirst(), new double[] {0, 0, 1});
        return one ? n : null;
      }
    }
    return null;
  }

  /// Whether a node is one of the step's own.
  boolean own(Program.Node n) {
    return n == propose || n == accept || n == keep || n == count;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /// Adds the launch of a run: a group a chain where there are blocks, otherwise an item a chain.
  ///
  /// @param e of the acceptance
  void launch(Emit e, Stages s, WholeLowering.Blocks blocks, List<Place> memories) {
    RandomWalk.Propose p = (RandomWalk.Propose) propose.op();
    RandomWalk.Accept a = (RandomWalk.Accept) accept.op();
    DType real = e.out(0).dtype();
    int chains = e.out(1).size();
    boolean group = blocks != null;
    List<Object> all = new ArrayList<>();
    all.addAll(List.of(s.table, s.constants, s.data));
    all.add(e.table(group ? blocks.blocks() : new int[8]));
    all.add(e.table(group ? blocks.terms() : new int[1]));
    all.add(e.table(group ? blocks.weights() : new double[1], real));
    all.add(e.operand(8));
    all.add(e.place(keep.in().get(2)));
    all.add(e.table(array(p.low()), real));
    all.add(e.table(array(p.high()), real));
    all.add(e.place(propose.in().get(2)));
    for (int i = 0; i < 5; i++) {
      all.add(e.operand(i));
    }
    all.add(e.place(keep.in().get(0)));
    all.addAll(List.of(s.times, s.count, chains, p.low().size(), p.stream(), a.stream()));
    all.add(e.in(8).size());
    all.add(e.program().type(keep.in().get(2)).size());
    all.add(e.program().type(keep.in().get(0)).shape().dim(0));
    all.addAll(MetropolisLowering.tuning(a.tuning()));
    all.add(group ? s.density.structure().lags() : 0);
    all.add(group ? s.density.structure().order() : 0);
    all.add(s.repeat);
    all.add(group ? blocks.parts() : 0);
    all.add(group ? WholeLowering.offset(s.density) : 0.0);
    all.addAll(WholeLowering.filled(memories));
    Kernel kernel =
        group
            ? WholeLowering.kernel("whole_chains", real, blocks.tiles())
            : WholeLowering.plain(real);
    Grid grid =
        group
            ? Grid.groups(chains, 1, 1).of(WholeLowering.ITEMS, 1, 1)
            : Grid.groups((chains + 63) / 64, 1, 1).of(64, 1, 1);
    e.launch(kernel, grid, all.toArray());
  }
}
