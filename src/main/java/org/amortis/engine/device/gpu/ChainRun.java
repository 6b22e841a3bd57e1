package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.plan.Expansion;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.plan.Operations;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Recognises a program that is one step of random-walk Metropolis-Hastings, and adds launches that
/// run many such steps each: a group or an item goes through all steps of a chain.
///
/// That needs every value between the proposal and its acceptance to be the chain's own: element k
/// of a value with q elements a chain belongs to chain k / q, and is made from elements of the same
/// chain and from values that do not change. This is looked up element by element. A transposition
/// moves nothing: chains stay together in memory, and what reads its result must be content with
/// that. Whatever is otherwise runs step by step.
final class ChainRun {
  private static final int POINTWISE = 0;
  private static final int DENSITY = 1;
  private static final int SERIES = 2;
  private static final int WORDS = 8;

  /// Operations of a launch at most, some tenth of a second on a slow GPU, and runs of a launch.
  private static final double MOST_OPERATIONS = 1e11;

  private static final int MOST_RUNS = 1024;

  /// Says that a program is something else; never leaves this class.
  private static final class Other extends RuntimeException {
    private static final long serialVersionUID = 1;

    Other() {
      super(null, null, false, false);
    }
  }

  private final GpuProgram plan;
  private final Program program;
  private final List<Fusion.Step> steps;
  private final Set<Integer> stored;
  private final ChainStep chain;
  private final int chains;
  private final DType real;
  private final Emit emit;
  private final Set<Integer> own = new HashSet<>();
  private final List<Fusion.Step> once = new ArrayList<>();
  private final Map<Program.Value, Place> scratch = new HashMap<>();

  /// Where in memory each element of a transposed value lies.
  private final Map<Program.Value, int[]> transposed = new HashMap<>();

  private final List<Place> memories = new ArrayList<>();
  private final List<int[]> stages = new ArrayList<>();
  private int[] code = {};
  private double[] constants = {};
  private GaussianLogDensity density;
  private Place data;
  private int repeat = 1;

  private ChainRun(GpuProgram plan, List<Fusion.Step> steps, Set<Integer> stored, ChainStep chain) {
    this.plan = plan;
    this.program = plan.program();
    this.steps = steps;
    this.stored = stored;
    this.chain = chain;
    Type theta = chain.propose().types().getFirst();
    this.chains = theta.shape().dim(0);
    this.real = theta.dtype();
    this.emit = plan.emit(chain.accept());
  }

  /// Adds launches of several runs behind those of one, where the program is such a step.
  static void add(GpuProgram plan, List<Fusion.Step> steps, Set<Integer> stored, int local) {
    ChainStep chain = ChainStep.of(plan.program());
    if (chain == null || chain.propose().types().getFirst().size() == 0) {
      return;
    }
    ChainRun run = new ChainRun(plan, steps, stored, chain);
    try {
      run.find(local);
    } catch (Other e) {
      return;
    }
    run.launch(local);
  }

  private static void require(boolean fact) {
    if (!fact) {
      throw new Other();
    }
  }

  /// Sorts the steps into those of a chain and those that give the same every time.
  private void find(int local) {
    own.add(chain.propose().id());
    memories.add(place(new Program.Value(chain.propose().id(), 0)));
    Program.Value target = chain.accept().in().get(7);
    Program.Value root = root(untransposed(target));
    memories.add(scratch.computeIfAbsent(root, r -> emit.scratch(real, size(r))));
    for (Fusion.Step s : steps) {
      if (chain.own(s.last())) {
        continue;
      }
      boolean depends =
          s.nodes().stream().anyMatch(n -> n.in().stream().anyMatch(v -> own.contains(v.node())));
      for (Program.Node n : s.nodes()) {
        // What a step changes may only be seen by its own ops.
        for (Program.Value v : n.in()) {
          require(!chain.state().contains(root(v)));
          require(v.node() != chain.propose().id() || v.output() == 0);
        }
      }
      if (depends) {
        s.nodes().forEach(n -> own.add(n.id()));
        aliases();
        stage(s, local);
      } else {
        once.add(s);
      }
    }
    aliases();
    require(own.contains(target.node()));
    require(order(target) == null && place(target).equals(memories.get(1)));
  }

  private Program.Value root(Program.Value v) {
    return plan.aliases().of(v).root();
  }

  /// The value that a value is a reshape or a transposition of.
  private Program.Value untransposed(Program.Value v) {
    Program.Node n = program.nodes().get(v.node());
    return n.op() instanceof Move.Reshape || n.op() instanceof Move.Transpose
        ? untransposed(n.in().getFirst())
        : v;
  }

  /// Where in memory each element lies; null where that is their order.
  private int[] order(Program.Value v) {
    return transposed.get(root(v));
  }

  /// Reshapes of the chain's values are its own.
  private void aliases() {
    for (Program.Node n : program.nodes()) {
      if (n.op() instanceof Move.Reshape && own.contains(n.in().getFirst().node())) {
        own.add(n.id());
      }
    }
  }

  /// Memory of a value: of the chains' own in scratch, because chains do not wait for each other.
  private Place place(Program.Value v) {
    if (!own.contains(v.node())) {
      return emit.place(v);
    }
    Program.Value root = root(v);
    require(
        plan.aliases().of(v).offset() == 0 && size(root) == size(v) && own.contains(root.node()));
    return scratch.computeIfAbsent(root, r -> emit.scratch(program.type(r).dtype(), size(r)));
  }

  private int size(Program.Value v) {
    return program.type(v).size();
  }

  /// Number of a memory.
  private int slot(Place p) {
    int known = memories.indexOf(p);
    if (known < 0) {
      known = memories.size();
      memories.add(p);
    }
    require(memories.size() <= WholeLowering.MEMORIES);
    return known;
  }

  private int each(Program.Value v) {
    require(size(v) % chains == 0);
    return size(v) / chains;
  }

  private void stage(Fusion.Step s, int local) {
    Program.Node n = s.last();
    Program.Value result = new Program.Value(n.id(), 0);
    switch (n.op()) {
      case GaussianLogDensity g -> {
        require(density == null && WholeLowering.fits(g, program, s, local));
        require(each(n.in().get(0)) == g.structure().lags() && each(result) == 1);
        require(!own.contains(n.in().get(1).node()) && order(n.in().getFirst()) == null);
        density = g;
        data = emit.place(n.in().get(1));
        repeat = chains / program.type(n.in().get(1)).shape().dim(0);
        add(DENSITY, 1, 0, slot(place(n.in().getFirst())), slot(place(result)), 0, 0);
      }
      case ChebyshevSeries c -> series(n, c);
      case Move.Transpose t -> transpose(n, t);
      case Move.Slice slice -> slice(n, slice);
      default -> {
        boolean loops =
            s.nodes().stream()
                .allMatch(m ->
                    m.types().getFirst().dtype() == real
                        && m.types().getFirst().equals(n.types().getFirst())
                        && (m.op() instanceof Pointwise || m.op() instanceof Move.Broadcast));
        require(loops && n.types().size() == 1);
        pointwise(s.nodes());
      }
    }
  }

  private void add(int what, int each, int count, int a, int b, int c, int d) {
    stages.add(new int[] {what, each, 0, count, a, b, c, d});
  }

  /// A series a chain: that of function `chain / each`.
  private void series(Program.Node n, ChebyshevSeries c) {
    Program.Value points = n.in().get(1);
    Program.Value result = new Program.Value(n.id(), 0);
    int functions = program.type(points).shape().dim(1);
    int each = chains / functions;
    require(size(points) == chains && !own.contains(n.in().get(0).node()));
    int[] order = order(points);
    for (int i = 0; i < chains; i++) {
      require(i % functions == (order == null ? i : order[i]) / each);
    }
    keep(order, result);
    double low = c.series().low();
    double high = c.series().high();
    int range = constants.length;
    constants = Arrays.copyOf(constants, range + 4);
    constants[range] = low;
    constants[range + 1] = high;
    constants[range + 2] = 2 / (high - low);
    constants[range + 3] = -(low + high) / (high - low);
    int to = slot(place(result));
    int from = slot(place(points));
    add(SERIES, each, to, from, slot(emit.place(n.in().getFirst())), range, c.series().terms());
  }

  /// The same memory under another order.
  private void transpose(Program.Node n, Move.Transpose t) {
    Program.Value in = n.in().getFirst();
    Program.Value result = new Program.Value(n.id(), 0);
    require(program.type(in).dtype() == real && result.equals(root(result)));
    Lookup from = new Lookup(n.types().getFirst().shape().dims(), t.strides(shape(in)), 0);
    int[] before = order(in);
    int[] order = new int[size(in)];
    for (int i = 0; i < order.length; i++) {
      order[i] = before == null ? from.of(i) : before[from.of(i)];
    }
    keep(order, result);
    scratch.put(result, place(in));
  }

  /// Says how a value lies in memory.
  private void keep(int[] order, Program.Value v) {
    boolean moved = false;
    for (int i = 0; order != null && i < order.length; i++) {
      moved |= order[i] != i;
    }
    if (moved) {
      transposed.put(root(v), order);
    }
  }

  private Shape shape(Program.Value v) {
    return program.type(v).shape();
  }

  private void slice(Program.Node n, Move.Slice s) {
    Program.Value in = n.in().getFirst();
    Program.Value result = new Program.Value(n.id(), 0);
    require(program.type(in).dtype() == real && order(in) == null);
    int inner = program.type(in).shape().product(s.axis() + 1, program.type(in).shape().rank());
    int width = n.types().getFirst().shape().dim(s.axis()) * inner;
    int stride = program.type(in).shape().dim(s.axis()) * inner;
    int rows = size(result) / StrictMath.max(1, width);
    Lookup from = new Lookup(new int[] {rows, width}, new int[] {stride, 1}, s.from() * inner);
    requireOwn(from, in, result);
    int m = slot(place(in).plus(s.from() * inner));
    instructions(
        new int[] {
          PointwiseCode.LOAD_REPEATED, 0, m, 0, 0, PointwiseCode.STORE, 0, slot(place(result)), 0, 0
        },
        new int[] {2, width, 1, rows, stride},
        each(result));
  }

  /// Every element of a result reads elements of its own chain only.
  private void requireOwn(Lookup from, Program.Value in, Program.Value result) {
    int q = each(in);
    int r = each(result);
    for (int i = 0; i < size(result); i++) {
      require(from.of(i) / q == i / r);
    }
  }

  private void pointwise(List<Program.Node> nodes) {
    Program.Value result = new Program.Value(nodes.getLast().id(), 0);
    Set<Integer> group = new HashSet<>();
    nodes.forEach(n -> group.add(n.id()));
    List<Program.Value> outside =
        nodes.stream()
            .flatMap(n -> n.in().stream())
            .filter(v -> !group.contains(v.node()))
            .distinct()
            .toList();
    int[] order =
        outside.stream().map(this::order).filter(Objects::nonNull).findFirst().orElse(null);
    for (Program.Value v : outside) {
      Expansion e = Expansion.of(shape(v), shape(result));
      if (order != null) {
        // Instructions go along the memory: that of all operands has to have the same order.
        require(
            own.contains(v.node()) && e.contiguous()
                ? size(v) == size(result) && Arrays.equals(order(v), order)
                : e.scalar() && !own.contains(v.node()));
      } else if (own.contains(v.node())) {
        requireOwn(new Lookup(e.dims(), e.strides(), 0), v, result);
      }
    }
    nodes.forEach(n -> keep(order, new Program.Value(n.id(), 0)));
    PointwiseLowering.Group g = PointwiseLowering.compile(emit, nodes, stored, this::place);
    require(g.registers() <= WholeLowering.REGISTERS);
    int[] words = g.code().clone();
    for (int i = 0; i < words.length; i += PointwiseCode.LENGTH) {
      switch (words[i]) {
        case PointwiseCode.LOAD, PointwiseCode.LOAD_REPEATED, PointwiseCode.STORE ->
            words[i + 2] = slot(g.memories().get(words[i + 2]));
        case PointwiseCode.CONSTANT -> words[i + 2] += constants.length;
        case PointwiseCode.LEAKY_RELU -> words[i + 3] += constants.length;
        default -> {}
      }
    }
    int before = constants.length;
    constants = Arrays.copyOf(constants, before + g.constants().length);
    System.arraycopy(g.constants(), 0, constants, before, g.constants().length);
    instructions(words, g.repeats(), each(result));
  }

  private void instructions(int[] words, int[] repeats, int each) {
    int count = words.length / PointwiseCode.LENGTH;
    stages.add(new int[] {POINTWISE, each, code.length, count, 0, 0, 0, 0});
    code = WholeLowering.joined(code, WholeLowering.joined(words, repeats));
  }

  /// The stages' words, then their instructions.
  private int[] table() {
    int[] words = new int[WORDS * stages.size()];
    for (int i = 0; i < stages.size(); i++) {
      System.arraycopy(stages.get(i), 0, words, WORDS * i, WORDS);
      words[WORDS * i + 2] += words.length;
    }
    return WholeLowering.joined(words, code);
  }

  /// Launches of 1, 4, 16, ... steps, the most first.
  private void launch(int local) {
    double work = 1;
    for (Program.Node n : program.nodes()) {
      work += Operations.of(program, n);
    }
    int times = 1;
    while (4 * times <= MOST_RUNS && 4 * times * work <= MOST_OPERATIONS) {
      times *= 4;
    }
    WholeLowering.Blocks blocks =
        density == null ? null : WholeLowering.blocks(density.structure(), real, local);
    for (; times > 0; times /= 4) {
      int from = plan.list().launches.size();
      for (Fusion.Step s : once) {
        GpuLowerings.lower(plan.emit(s.last()), s, stored);
      }
      chain.launch(emit, arguments(blocks, times), blocks, memories);
      Place key = emit.place(chain.propose().in().get(2));
      emit.launch(Kernel.of("whole_count", real), Grid.items(1), key, times);
      plan.list().wholes.add(new LaunchList.Whole(times, from, plan.list().launches.size()));
    }
  }

  private ChainStep.Stages arguments(WholeLowering.Blocks blocks, int times) {
    return new ChainStep.Stages(
        times,
        stages.size(),
        emit.table(table()),
        emit.table(constants.length == 0 ? new double[1] : constants, real),
        blocks == null ? memories.getFirst() : data,
        repeat,
        density);
  }
}
