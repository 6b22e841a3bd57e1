package org.amortis.engine.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.amortis.engine.op.Cast;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Groups pointwise nodes of one shape into steps that run as one loop over the elements.
///
/// A node joins the step of one of its operands when the steps stay free of cycles; then the steps
/// are put into an order in which each uses only results of earlier ones. Sources form no steps.
public final class Fusion {
  /// Nodes that run together, in program order; more than one only when all are pointwise.
  public record Step(List<Program.Node> nodes) {
    /// The step's only node, or the last of a pointwise group.
    public Program.Node last() {
      return nodes.getLast();
    }
  }

  /// Longest group: bounds the number of tile registers a loop needs.
  private static final int MOST = 48;

  private final Program program;
  private final int[] owner;
  private final List<List<Program.Node>> groups = new ArrayList<>();

  private Fusion(Program program) {
    this.program = program;
    this.owner = new int[program.nodes().size()];
    Arrays.fill(owner, -1);
  }

  /// The steps of a program in order of execution.
  ///
  /// @param fuse whether to group at all; without, every node is a step of its own
  public static List<Step> of(Program program, boolean fuse) {
    Fusion f = new Fusion(program);
    for (Program.Node n : program.nodes()) {
      if (n.op() instanceof Source) {
        continue;
      }
      int home = fuse && groupable(n) ? f.home(n) : -1;
      if (home < 0) {
        home = f.groups.size();
        f.groups.add(new ArrayList<>());
      }
      f.groups.get(home).add(n);
      f.owner[n.id()] = home;
    }
    return f.ordered();
  }

  /// Nodes whose results other steps, outputs or updates need, so that they go to memory.
  public static Set<Integer> stored(Program program, List<Step> steps) {
    Map<Integer, Integer> step = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Program.Node n : steps.get(i).nodes()) {
        step.put(n.id(), i);
      }
    }
    Set<Integer> stored = new HashSet<>();
    for (Program.Node n : program.nodes()) {
      for (Program.Value v : n.in()) {
        if (!Objects.equals(step.get(v.node()), step.get(n.id()))) {
          stored.add(v.node());
        }
      }
    }
    program.outputs().values().forEach(v -> stored.add(v.node()));
    program.updates().values().forEach(v -> stored.add(v.node()));
    return stored;
  }

  /// Whether a node can be part of a pointwise loop: floats of one type throughout.
  static boolean groupable(Program.Node n) {
    return (n.op() instanceof Pointwise || n.op() instanceof Move.Broadcast)
        && !(n.op() instanceof Cast)
        && n.types().getFirst().dtype() != DType.INT32;
  }

  private int home(Program.Node n) {
    int best = -1;
    for (Program.Value v : n.in()) {
      int g = owner[v.node()];
      if (g > best && groups.get(g).size() < MOST && fits(n, groups.get(g)) && !cyclic(n, g)) {
        best = g;
      }
    }
    return best;
  }

  private static boolean fits(Program.Node n, List<Program.Node> group) {
    Type t = group.getFirst().types().getFirst();
    return groupable(group.getFirst()) && t.equals(n.types().getFirst());
  }

  /// Whether an operand of `n` outside group `g` depends on `g`.
  private boolean cyclic(Program.Node n, int g) {
    boolean[] seen = new boolean[groups.size()];
    ArrayList<Integer> stack = new ArrayList<>();
    for (Program.Value v : n.in()) {
      push(owner[v.node()], g, seen, stack);
    }
    while (!stack.isEmpty()) {
      for (Program.Node m : groups.get(stack.removeLast())) {
        for (Program.Value v : m.in()) {
          int o = owner[v.node()];
          if (o == g) {
            return true;
          }
          push(o, g, seen, stack);
        }
      }
    }
    return false;
  }

  private static void push(int o, int g, boolean[] seen, List<Integer> stack) {
    if (o >= 0 && o != g && !seen[o]) {
      seen[o] = true;
      stack.add(o);
    }
  }

  private List<Step> ordered() {
    int n = groups.size();
    int[] waiting = new int[n];
    List<List<Integer>> next = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      next.add(new ArrayList<>());
    }
    for (int i = 0; i < n; i++) {
      boolean[] counted = new boolean[n];
      for (Program.Node m : groups.get(i)) {
        for (Program.Value v : m.in()) {
          int o = owner[v.node()];
          if (o >= 0 && o != i && !counted[o]) {
            counted[o] = true;
            waiting[i]++;
            next.get(o).add(i);
          }
        }
      }
    }
    PriorityQueue<Integer> ready =
        new PriorityQueue<>(Comparator.comparingInt(i -> groups.get(i).getLast().id()));
    for (int i = 0; i < n; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    List<Step> steps = new ArrayList<>();
    while (!ready.isEmpty()) {
      int i = ready.poll();
      steps.add(new Step(List.copyOf(groups.get(i))));
      for (int o : next.get(i)) {
        if (--waiting[o] == 0) {
          ready.add(o);
        }
      }
    }
    if (steps.size() != n) {
      throw new IllegalStateException("fusion made a cycle in program " + program.name());
    }
    return steps;
  }

  /// Leading extent by which a step's rows are divided among threads; 1 for scalars.
  public static int rows(Shape s) {
    return s.rank() == 0 ? 1 : s.dim(0);
  }
}
