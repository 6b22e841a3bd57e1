package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// Gaussian log-densities in one launch, where all blocks of a matrix fit into the memory of a
/// group at once; pointwise steps that only make the covariance values are part of the launch.
final class WholeLowering {
  /// Items of a group that shares a matrix.
  static final int ITEMS = 128;

  /// Registers of the kernels' interpreter.
  static final int REGISTERS = 16;

  /// Memories of the kernels' interpreter.
  static final int MEMORIES = 12;

  private static final int TILE = 17;
  private static final int MOST_BLOCKS = 8;
  private static final int MOST_VALUES = 152;
  private static final int MOST_WEIGHTS = 16;

  /// Tiles in local memory; few sizes, so that few programs are compiled. The last one is the 16 x
  /// 16 lattice.
  private static final int[] SIZES = {40, 80, 160, 330};

  private WholeLowering() {}

  /// A structure as the tables that `kernels/whole.c` reads.
  ///
  /// @param tiles in local memory, one of few numbers
  record Blocks(int parts, int tiles, int[] blocks, int[] terms, double[] weights) {}

  /// The tables of a structure, or null where its blocks do not fit.
  static Blocks blocks(GramStructure structure, DType real, int local) {
    if (structure.lags() >= MOST_VALUES || structure.order() > MOST_BLOCKS * 256) {
      return null;
    }
    GaussianTables t = GaussianTables.of(structure);
    TreeSet<Double> distinct = new TreeSet<>();
    distinct.add(0.0);
    Arrays.stream(t.weight()).map(w -> w + 0.0).forEach(distinct::add);
    int[] blocks = new int[MOST_BLOCKS * 8];
    List<Integer> terms = new ArrayList<>();
    int tiles = 0;
    if (t.parts() > MOST_BLOCKS || distinct.size() > MOST_WEIGHTS) {
      return null;
    }
    double[] weights = Arrays.copyOf(doubles(distinct), MOST_WEIGHTS);
    for (int b = 0; b < t.parts(); b++) {
      int[] about = Arrays.copyOfRange(t.blocks(), 7 * b, 7 * b + 7);
      int elements = 16 * GaussianTables.triangle(about[2]);
      System.arraycopy(
          new int[] {about[0], about[1], about[2], about[3], terms.size(), about[5], tiles, 0},
          0,
          blocks,
          8 * b,
          8);
      for (int k = 0; k < about[5]; k += 2) {
        for (int e = 0; e < elements; e++) {
          int low = half(t, about[4] + k * elements + e, distinct);
          int high = k + 1 < about[5] ? half(t, about[4] + (k + 1) * elements + e, distinct) : 0;
          terms.add(low | high << 16);
        }
      }
      tiles += GaussianTables.triangle(about[2]) + (about[1] + 3) / 4 * about[2];
    }
    int size = size(tiles);
    int words = size * TILE + MOST_VALUES + MOST_WEIGHTS + 2 * MOST_BLOCKS;
    return size == 0 || words * real.bytes() + 4 * (8 * MOST_BLOCKS + 1) > local
        ? null
        : new Blocks(
            t.parts(),
            size,
            Arrays.copyOf(blocks, 8 * t.parts()),
            terms.stream().mapToInt(i -> i).toArray(),
            weights);
  }

  private static double[] doubles(Set<Double> values) {
    return values.stream().mapToDouble(d -> d).toArray();
  }

  private static int half(GaussianTables t, int at, TreeSet<Double> distinct) {
    int value = t.index()[at] < 0 ? t.structure().lags() : t.index()[at];
    return value | distinct.headSet(t.weight()[at] + 0.0).size() << 12;
  }

  private static int size(int tiles) {
    return Arrays.stream(SIZES).filter(s -> s >= tiles).findFirst().orElse(0);
  }

  static boolean fits(GaussianLogDensity g, Program p, Fusion.Step step, int local) {
    DType real = step.last().types().getFirst().dtype();
    return !g.pairs() && blocks(g.structure(), real, local) != null;
  }

  /// For densities in one launch, the pointwise step that makes their covariance values and nothing
  /// else; such steps are moved right before theirs.
  static Map<Fusion.Step, Fusion.Step> before(
      Program p, List<Fusion.Step> steps, Set<Integer> stored, int local) {
    Map<Integer, Integer> readers = new HashMap<>();
    p.nodes().forEach(n -> n.in().forEach(v -> readers.merge(v.node(), 1, Integer::sum)));
    p.outputs().values().forEach(v -> readers.merge(v.node(), 1, Integer::sum));
    p.updates().values().forEach(v -> readers.merge(v.node(), 1, Integer::sum));
    Map<Fusion.Step, Fusion.Step> found = new HashMap<>();
    for (Fusion.Step s : List.copyOf(steps)) {
      if (s.last().op() instanceof GaussianLogDensity g && fits(g, p, s, local)) {
        int values = s.last().in().getFirst().node();
        steps.stream()
            .filter(c -> c.last().id() == values && readers.get(values) == 1 && makes(c, stored))
            .findFirst()
            .ifPresent(c -> found.put(s, c));
      }
    }
    found.forEach((density, maker) -> {
      steps.remove(maker);
      steps.add(steps.indexOf(density), maker);
    });
    return found;
  }

  /// Whether a pointwise step stores its last node's result only.
  private static boolean makes(Fusion.Step step, Set<Integer> stored) {
    return step.nodes().stream()
        .allMatch(n ->
            (n.op() instanceof Pointwise || n.op() instanceof Move.Broadcast)
                && n.types().getFirst().dtype().isFloat()
                && (n == step.last() || !stored.contains(n.id())));
  }

  static Kernel kernel(String entry, DType real, int tiles) {
    return Kernel.of(entry, real)
        .define("GROUP_SIZE", ITEMS)
        .define("TILES", tiles)
        .define("REGISTERS", REGISTERS);
  }

  /// Chains whose log-density needs no matrix.
  static Kernel plain(DType real) {
    return Kernel.of("whole_chains", real)
        .define("GROUP_SIZE", 64)
        .define("DENSITY", 0)
        .define("REGISTERS", REGISTERS);
  }

  /// Every kernel that may be asked for.
  static List<Kernel> variants(DType real) {
    List<Kernel> all = new ArrayList<>();
    for (int tiles : SIZES) {
      all.add(kernel("whole_density", real, tiles));
      all.add(kernel("whole_chains", real, tiles));
    }
    all.add(plain(real));
    return all;
  }

  static double offset(GaussianLogDensity g) {
    return -0.5 * g.structure().order() * 1.8378770664093453;
  }

  /// One launch for all matrices.
  ///
  /// @param maker the step that makes the covariance values; null where they lie in memory
  static void density(Emit e, GaussianLogDensity g, Fusion.Step maker) {
    DType real = e.in(0).dtype();
    int matrices = e.in(0).shape().dim(0);
    if (matrices == 0) {
      return;
    }
    Blocks b = blocks(g.structure(), real, Integer.MAX_VALUE);
    PointwiseLowering.Group group =
        maker == null ? null : PointwiseLowering.compile(e, maker.nodes(), Set.of());
    boolean inside =
        group != null && group.registers() <= REGISTERS && group.memories().size() <= MEMORIES;
    if (group != null && !inside) {
      PointwiseLowering.lower(e, maker, Set.of(maker.last().id()));
    }
    int[] code = inside ? joined(group.code(), group.repeats()) : new int[1];
    double[] constants = inside && group.constants().length > 0 ? group.constants() : new double[1];
    boolean read = inside && !group.memories().isEmpty();
    List<Place> memories = read ? group.memories() : List.of(e.operand(inside ? 1 : 0));
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            e.table(code),
            e.table(constants, real),
            e.operand(1),
            e.table(b.blocks()),
            e.table(b.terms()),
            e.table(b.weights(), real),
            e.result(0)));
    arguments.addAll(
        List.of(
            inside ? group.instructions() : 0,
            matrices,
            g.structure().lags(),
            g.structure().order(),
            matrices / e.in(1).shape().dim(0),
            b.parts(),
            offset(g)));
    arguments.addAll(filled(memories));
    List<Program.Node> nodes = new ArrayList<>(inside ? maker.nodes() : List.of());
    nodes.add(e.node());
    e.launch(
        nodes,
        kernel("whole_density", real, b.tiles()),
        Grid.groups(matrices, 1, 1).of(ITEMS, 1, 1),
        arguments.toArray());
  }

  static int[] joined(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /// As many memories as the kernels take; unused ones repeat the first.
  static List<Place> filled(List<Place> memories) {
    List<Place> all = new ArrayList<>(memories);
    while (all.size() < MEMORIES) {
      all.add(memories.getFirst());
    }
    return all;
  }
}
