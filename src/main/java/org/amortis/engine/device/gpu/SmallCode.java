package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.DType;

/// A launch as an instruction of `small_run` (`kernels/small.c`).
///
/// @param n results, or elements of what it takes where these say where the results go
/// @param words of the instruction after the results of a row: `Integer`, an [Operand] for two
///   words, a `double[]` for where these constants begin
/// @param real type of its reals; `null` where it has none
/// @param brief whether it is so short that one group may do it
/// @param spline the kernel whose spline it is; `null` for all else
record SmallCode(int what, int n, List<Object> words, DType real, boolean brief, Kernel spline) {
  private SmallCode(int what, int n, List<Object> words, DType real, boolean brief) {
    this(what, n, words, real, brief, null);
  }

  static final int POINTWISE = 0;
  static final int INTEGERS = 1;
  static final int PRODUCT = 2;
  static final int ADD_PARTS = 3;
  static final int SUM = 4;
  static final int FROM = 5;
  static final int TO = 6;
  static final int ZERO = 7;
  static final int WINDOW = 8;
  static final int GATHER = 9;
  static final int PANEL = 10;
  static final int SPLINE = 11;
  static final int SPLINE_GRADIENT = 12;

  /// Added to the length of an instruction that waits for all before it.
  static final int WAIT = 1 << 14;

  /// Items of the group.
  static final int GROUP = 256;

  /// Most elements of a result: eight an item.
  private static final int MOST = 8 * GROUP;

  /// Most terms that an item adds up, one after the other; for sums of reductions, and their
  /// rounds.
  private static final int TERMS = 64;

  private static final int SUMS = 16;
  private static final int ROUNDS = 2;

  /// Elements of the second and the first operand that a panel brings to local memory at once, of
  /// the second half as many doubles.
  private static final int PANEL_B = 4096;

  private static final int PANEL_A = 1024;

  /// Registers of a pointwise group.
  static final int REGISTERS = 16;

  /// Memories of a pointwise group.
  static final int MEMORIES = 12;

  /// A place that an instruction reads, or writes.
  record Operand(Place place, boolean writes) {}

  /// The operands.
  List<Operand> operands() {
    List<Operand> all = new ArrayList<>();
    for (Object w : words) {
      if (w instanceof Operand o) {
        all.add(o);
      }
    }
    return all;
  }

  /// Ints of the instruction.
  int length() {
    return 3 + words.size() + operands().size();
  }

  /// A word that is a number.
  int number(int word) {
    return (Integer) words.get(word);
  }

  /// Whether it is one product, not several: its second operand serves all rows.
  boolean panel() {
    return what == PRODUCT
        && number(0) * number(1) == n
        && number(1) < PANEL_B / 4
        && number(2) > 0;
  }

  /// The instruction of a launch; `null` where there is none.
  static SmallCode of(LaunchList list, LaunchList.Launch l) {
    Object[] a = l.arguments().toArray();
    DType real = l.kernel().real();
    return switch (l.kernel().entry()) {
      case "pointwise_run" -> pointwise(list, l.kernel(), a);
      case "pointwise_integers" -> integers(list, a);
      case "matmul_elements", "matmul_tiled" -> product(l.kernel(), a);
      case "matmul_add_parts" -> addParts(real, a);
      case "reduce_axis" -> l.kernel().defines().get("KIND") == 0 ? sum(real, a) : null;
      case "move_copy" -> move(FROM, a[0], a[1], a[2], 1, a[2], 1);
      case "move_zero" -> move(ZERO, a[0], a[0], a[1]);
      case "move_from" -> move(FROM, a[1], a[2], a[3], ints(list, a[0]));
      case "move_to" -> move(TO, a[1], a[2], a[3], ints(list, a[0]));
      case "move_window" -> rows(WINDOW, a);
      case "move_gather" -> rows(GATHER, a);
      case "spline_each" -> (Integer) a[5] == 1 ? spline(SPLINE, l.kernel(), a, 4, 2, 6) : null;
      case "spline_each_gradient" -> spline(SPLINE_GRADIENT, l.kernel(), a, 6, 2, 7);
      default -> null;
    };
  }

  private static int[] ints(LaunchList list, Object table) {
    return (int[]) list.tables.get(((Place) table).number()).values();
  }

  private static Operand read(Object place) {
    return new Operand((Place) place, false);
  }

  private static Operand write(Object place) {
    return new Operand((Place) place, true);
  }

  private static SmallCode pointwise(LaunchList list, Kernel kernel, Object[] a) {
    int n = (Integer) a[3];
    if (kernel.defines().get("REGISTERS") > REGISTERS) {
      return null;
    }
    List<Object> words = new ArrayList<>(List.of(a[2]));
    words.add(list.tables.get(((Place) a[1]).number()).values());
    for (int m = 0; m < MEMORIES; m++) {
      Place p = (Place) a[4 + m];
      words.add(new Operand(p, !p.read()));
    }
    for (int w : ints(list, a[0])) {
      words.add(w);
    }
    return new SmallCode(POINTWISE, n, words, kernel.real(), n <= MOST);
  }

  private static SmallCode integers(LaunchList list, Object[] a) {
    int n = (Integer) a[3];
    List<Object> words = new ArrayList<>();
    words.addAll(List.of(a[2], read(a[4]), read(a[5]), write(a[6]), a[1]));
    for (int w : ints(list, a[0])) {
      words.add(w);
    }
    return new SmallCode(INTEGERS, n, words, null, n <= MOST);
  }

  private static SmallCode product(Kernel kernel, Object[] a) {
    boolean tiled = kernel.entry().equals("matmul_tiled");
    int m = (Integer) a[5];
    int columns = (Integer) a[6];
    int k = (Integer) a[7];
    int n = (Integer) a[4] * (tiled ? m * columns : 1);
    if (tiled && (Integer) a[8] < k) {
      return null;
    }
    long terms = (long) StrictMath.ceilDiv(n, GROUP) * k;
    boolean brief = n <= MOST && terms <= (tiled ? TERMS : GROUP);
    boolean padded = tiled && k % kernel.defines().get("TILE_K") != 0;
    int last = a.length - 1;
    List<Object> words = new ArrayList<>();
    words.addAll(List.of(m, columns, k, a[last - 1], new double[] {(Double) a[last]}));
    words.add(kernel.defines().get("TRANSPOSE_A"));
    words.add(kernel.defines().get("TRANSPOSE_B"));
    words.add(padded ? 1 : 0);
    words.addAll(List.of(read(a[0]), read(a[1]), read(a[2]), write(a[3])));
    int panel = kernel.real() == DType.FLOAT64 ? PANEL_B / 2 : PANEL_B;
    int most = StrictMath.min(PANEL_A, panel / StrictMath.max(1, columns) - 1);
    int depth = StrictMath.clamp(k, 1, StrictMath.max(1, most));
    words.addAll(List.of(depth, PANEL_A / depth));
    return new SmallCode(PRODUCT, n, words, kernel.real(), brief);
  }

  private static SmallCode addParts(DType real, Object[] a) {
    int parts = (Integer) a[3];
    int size = (Integer) a[4];
    boolean brief = size <= MOST && StrictMath.ceilDiv(size, GROUP) * parts <= TERMS;
    double[] slope = {(Double) a[7]};
    List<Object> words =
        List.of(parts, a[5], a[6], slope, read(a[0]), read(a[1]), write(a[2]), size);
    return new SmallCode(ADD_PARTS, size, words, real, brief);
  }

  private static SmallCode sum(DType real, Object[] a) {
    int outputs = (Integer) a[2];
    int lanes = (Integer) a[5];
    int size = (Integer) a[6];
    int pieces = (Integer) a[7];
    int rounds = StrictMath.ceilDiv(outputs, GROUP / lanes) * pieces;
    boolean brief = rounds <= ROUNDS && rounds * StrictMath.ceilDiv(size, lanes) <= SUMS;
    List<Object> words = List.of(outputs, lanes, a[4], a[3], size, pieces, read(a[0]), write(a[1]));
    return new SmallCode(SUM, outputs, words, real, brief);
  }

  private static DType real(Place p) {
    return p.dtype() == DType.INT32 ? null : p.dtype();
  }

  private static SmallCode move(int what, Object x, Object y, Object n, Object... table) {
    List<Object> words = moved(read(x), write(y), List.of(table));
    return new SmallCode(what, (Integer) n, words, real((Place) y), (Integer) n <= MOST);
  }

  private static SmallCode move(int what, Object x, Object y, Object n, int[] table) {
    return move(what, x, y, n, (Object[]) Arrays.stream(table).boxed().toArray(Integer[]::new));
  }

  private static List<Object> moved(Operand x, Operand y, List<Object> rest) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of(y.place().dtype() == DType.INT32 ? 1 : 0, x, y));
    words.addAll(rest);
    return words;
  }

  private static SmallCode rows(int what, Object[] a) {
    List<Object> rest = List.of(read(a[1]), a[3], a[4]);
    List<Object> words = moved(read(a[0]), write(a[2]), rest);
    int n = (Integer) a[5];
    return new SmallCode(what, n, words, real((Place) a[2]), n <= MOST);
  }

  /// @param rule of its arguments the first that says what raw parameters mean
  private static SmallCode spline(
      int what, Kernel kernel, Object[] a, int results, int written, int rule) {
    if (!SmallRun.has(kernel)) {
      return null;
    }
    List<Object> words = new ArrayList<>();
    double[] constants = new double[6];
    for (int i = 0; i < constants.length; i++) {
      constants[i] = (Double) a[rule + i];
    }
    words.add(constants);
    for (int i = 0; i < results; i++) {
      words.add(i < results - written ? read(a[i]) : write(a[i]));
    }
    return new SmallCode(what, (Integer) a[results], words, kernel.real(), false, kernel);
  }
}
