package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// A launch of `small_run` that does what others of a list do.
///
/// Memory is handed over as few buffers: what only these launches need lies in memory of theirs.
/// What others need, too, is a buffer each, or a part of a larger one that the caller has laid out.
final class SmallRun {
  private static final int REALS = 16;
  private static final int WHOLES = 8;

  /// Items by which instructions side by side stand apart.
  private static final int WARP = 32;

  /// Bins of the splines that kernels are built for.
  private static final List<Integer> BINS = List.of(8, 10);

  /// Most elements of a constant that is copied.
  private static final int CONSTANT = 4096;

  /// Instructions whose rows are cut into pieces of so many, a group each.
  ///
  /// @param codes by the number of their launch, in order
  record Strand(Map<Integer, SmallCode> codes, int rows, int piece) {}

  private final GpuProgram program;
  private final List<LaunchList.Launch> launches;
  private final Dependencies order;
  private final List<Strand> strands;
  private final Map<Integer, SmallCode> codes = new LinkedHashMap<>();
  private final Map<Place, int[]> ranges;
  private final Map<Place, Boolean> internal = new HashMap<>();

  /// @param launches all of the list
  /// @param users of each value the launches
  /// @param order of the launches
  SmallRun(
      GpuProgram program,
      List<LaunchList.Launch> launches,
      Map<Place, List<Integer>> users,
      Dependencies order,
      List<Strand> strands) {
    this.program = program;
    this.launches = launches;
    this.order = order;
    this.strands = strands;
    strands.forEach(s -> codes.putAll(s.codes));
    ranges = operands();
    for (Place base : ranges.keySet()) {
      boolean own = codes.keySet().containsAll(users.getOrDefault(base, List.of()));
      internal.put(base, !base.table() && !program.kept(base) && own);
    }
  }

  /// What the launches touch: of each value first and last element, and whether it is written.
  private Map<Place, int[]> operands() {
    Map<Place, int[]> all = new LinkedHashMap<>();
    for (SmallCode code : codes.values()) {
      for (SmallCode.Operand o : code.operands()) {
        Place p = o.place();
        Place base = program.base(p);
        int end = p.extent() < 0 ? program.elements(base) : p.at() + p.extent();
        int[] range = all.computeIfAbsent(base, k -> new int[] {p.at(), end, 0});
        range[0] = StrictMath.min(range[0], p.at());
        range[1] = StrictMath.max(range[1], end);
        range[2] |= o.writes() ? 1 : 0;
      }
    }
    return all;
  }

  /// Whether the kernel has parameters enough.
  boolean fits() {
    int reals = 0;
    int wholes = 0;
    boolean inside = false;
    boolean insideWhole = false;
    boolean constant = false;
    for (Place p : ranges.keySet()) {
      boolean whole = p.dtype() == DType.INT32;
      if (constant(p) != null) {
        constant = true;
      } else if (internal.get(p)) {
        inside |= !whole;
        insideWhole |= whole;
      } else if (whole) {
        wholes++;
      } else {
        reals++;
      }
    }
    return reals + (inside ? 1 : 0) + (constant ? 1 : 0) <= REALS
        && wholes + (insideWhole ? 1 : 0) <= WHOLES;
  }

  /// The values that others need, too.
  List<Place> shared() {
    return ranges.keySet().stream()
        .filter(p -> !internal.get(p) && !p.table() && !program.kept(p))
        .toList();
  }

  /// The source of a constant of reals that lie in one table with others of the launch; `null` for
  /// all else.
  private Source constant(Place base) {
    return base.value() != null
            && base.dtype() != DType.INT32
            && program.elements(base) <= CONSTANT
            && program.program().nodes().get(base.value().node()).op() instanceof Source s
            && !(s instanceof Source.Input)
        ? s
        : null;
  }

  /// Copies the constants into one table and finds them there.
  private void constants(Map<Place, int[]> found, List<Place> memories, DType real) {
    List<Double> all = new ArrayList<>();
    for (Place base : ranges.keySet()) {
      Source s = constant(base);
      if (s != null) {
        found.put(base, new int[] {memories.size(), all.size()});
        double[] values = (double[]) s.evaluate(List.of(), List.of()).getFirst();
        Arrays.stream(values).forEach(all::add);
      }
    }
    if (!all.isEmpty()) {
      double[] values = all.stream().mapToDouble(d -> d).toArray();
      memories.add(program.list().table(new LaunchList.Table(real, values)).readOnly());
    }
  }

  private <T> T first(java.util.function.Function<SmallCode, T> of, T otherwise) {
    return codes.values().stream().map(of).filter(Objects::nonNull).findFirst().orElse(otherwise);
  }

  /// Adds the launch to the program's list.
  void launch() {
    LaunchList list = program.list();
    DType real = first(SmallCode::real, DType.FLOAT32);
    Map<Place, int[]> found = new HashMap<>();
    List<Place> reals = new ArrayList<>();
    List<Place> wholes = new ArrayList<>();
    for (DType type : List.of(real, DType.INT32)) {
      List<Place> memories = type == real ? reals : wholes;
      int inside = 0;
      for (Place base : ranges.keySet()) {
        if (base.dtype() == type && internal.get(base)) {
          found.put(base, new int[] {0, inside});
          inside += program.elements(base);
        }
      }
      if (inside > 0 || ranges.keySet().stream().noneMatch(p -> p.dtype() == type)) {
        memories.add(list.scratch(type, StrictMath.max(1, inside)));
      }
      if (type == real) {
        constants(found, memories, real);
      }
      for (Place base : ranges.keySet()) {
        if (base.dtype() == type && !internal.get(base) && constant(base) == null) {
          int[] range = ranges.get(base);
          found.put(base, new int[] {memories.size(), -range[0]});
          Place p = base.plus(range[0]).first(range[1] - range[0]);
          memories.add(range[2] == 0 ? p.readOnly() : p);
        }
      }
    }
    List<Double> constants = new ArrayList<>(List.of(0.0));
    List<Integer> words = new ArrayList<>();
    List<Integer> groups = new ArrayList<>();
    for (Strand s : strands) {
      int from = words.size();
      words(s, found, words, constants);
      for (int row = 0; row < s.rows; row += s.piece) {
        int end = StrictMath.min(s.rows, row + s.piece);
        groups.addAll(List.of(from, words.size(), row, end));
      }
    }
    int length = words.size();
    words.addAll(groups);
    int[] code = words.stream().mapToInt(w -> w).toArray();
    List<Object> arguments = new ArrayList<>();
    arguments.add(list.table(new LaunchList.Table(DType.INT32, code)));
    double[] numbers = constants.stream().mapToDouble(d -> d).toArray();
    arguments.add(list.table(new LaunchList.Table(real, numbers)));
    arguments.add(length);
    for (int k = 0; k < REALS; k++) {
      arguments.add(reals.get(StrictMath.min(k, reals.size() - 1)));
    }
    for (int k = 0; k < WHOLES; k++) {
      arguments.add(wholes.get(StrictMath.min(k, wholes.size() - 1)));
    }
    List<Program.Node> nodes =
        codes.keySet().stream()
            .sorted()
            .flatMap(i -> launches.get(i).nodes().stream())
            .distinct()
            .toList();
    Grid grid = Grid.groups(groups.size() / 4, 1, 1).of(SmallCode.GROUP, 1, 1);
    list.add(kernel(real, first(SmallCode::spline, null)), grid, arguments.toArray(), nodes);
  }

  /// The instructions of a strand by how many of them must come before, with that number.
  private List<Map.Entry<Integer, Integer>> depths(Strand s) {
    Map<Integer, Integer> depth = new LinkedHashMap<>();
    for (int i : s.codes.keySet()) {
      int most = 0;
      for (int k : depth.keySet()) {
        most = order.before(i).get(k) ? StrictMath.max(most, depth.get(k) + 1) : most;
      }
      depth.put(i, most);
    }
    return depth.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
  }

  /// @param found number of the memory and place in it of every value
  private void words(
      Strand s, Map<Place, int[]> found, List<Integer> words, List<Double> constants) {
    int now = 0;
    int item = 0;
    for (Map.Entry<Integer, Integer> e : depths(s)) {
      SmallCode code = s.codes.get(e.getKey());
      item = e.getValue() > now ? 0 : item;
      words.add(s.rows > 1 && code.panel() ? SmallCode.PANEL : code.what());
      words.add(code.length() + (e.getValue() > now ? SmallCode.WAIT : 0) + (item << 16));
      words.add(code.n() / s.rows);
      now = e.getValue();
      item = (item + WARP) % SmallCode.GROUP;
      for (Object o : code.words()) {
        switch (o) {
          case Integer w -> words.add(w);
          case SmallCode.Operand p -> {
            int[] at = found.get(program.base(p.place()));
            words.addAll(List.of(at[0], at[1] + p.place().at()));
          }
          case double[] values -> {
            words.add(constants.size());
            Arrays.stream(values).forEach(constants::add);
          }
          default -> throw new IllegalStateException("word " + o);
        }
      }
    }
  }

  private static Kernel kernel(DType real, Kernel spline) {
    Kernel run = Kernel.of("small_run", real).define("REGISTERS", SmallCode.REGISTERS);
    return spline == null
        ? run
        : run.define("SPLINE", 1)
            .define("BINS", spline.defines().get("BINS"))
            .define("INVERSE", spline.defines().get("INVERSE"));
  }

  /// Whether there is a kernel with the spline of another.
  static boolean has(Kernel spline) {
    return BINS.contains(spline.defines().get("BINS"));
  }

  /// Every kernel of such launches.
  static List<Kernel> variants(DType real) {
    List<Kernel> all = new ArrayList<>(List.of(kernel(real, null)));
    for (int bins : BINS) {
      for (int inverse = 0; inverse < 2; inverse++) {
        Kernel spline =
            Kernel.of("spline_each", real).define("BINS", bins).define("INVERSE", inverse);
        all.add(kernel(real, spline));
      }
    }
    return all;
  }
}
