package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.DType;

/// A launch as an instruction of `small_run` (`kernels/small.c`), where it is short enough to be
/// one.
///
/// @param words of the instruction after its length: `Integer`, an [Operand] for two words, a
///   `double[]` for where these constants begin
/// @param real type of its reals; `null` where it has none
record SmallCode(int what, List<Object> words, DType real) {
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

  /// Registers of a pointwise group.
  static final int REGISTERS = 16;

  private static final int MEMORIES = 12;

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
    return 2 + words.size() + operands().size();
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
    if (n > MOST || kernel.defines().get("REGISTERS") > REGISTERS) {
      return null;
    }
    List<Object> words = new ArrayList<>(List.of(n, a[2]));
    words.add(list.tables.get(((Place) a[1]).number()).values());
    for (int m = 0; m < MEMORIES; m++) {
      Place p = (Place) a[4 + m];
      words.add(new Operand(p, !p.read()));
    }
    for (int w : ints(list, a[0])) {
      words.add(w);
    }
    return new SmallCode(POINTWISE, words, kernel.real());
  }

  private static SmallCode integers(LaunchList list, Object[] a) {
    if ((Integer) a[3] > MOST) {
      return null;
    }
    List<Object> words = new ArrayList<>();
    words.addAll(List.of(a[3], a[2], read(a[4]), read(a[5]), write(a[6]), a[1]));
    for (int w : ints(list, a[0])) {
      words.add(w);
    }
    return new SmallCode(INTEGERS, words, null);
  }

  private static SmallCode product(Kernel kernel, Object[] a) {
    boolean tiled = kernel.entry().equals("matmul_tiled");
    int m = (Integer) a[5];
    int columns = (Integer) a[6];
    int k = (Integer) a[7];
    // Of a batch only those that one item an element computes anyway.
    int n = (Integer) a[4] * (tiled ? m * columns : 1);
    long terms = (long) StrictMath.ceilDiv(n, GROUP) * k;
    if (n > MOST || terms > (tiled ? TERMS : GROUP) || tiled && (Integer) a[8] < k) {
      return null;
    }
    int flags = kernel.defines().get("TRANSPOSE_A") + 2 * kernel.defines().get("TRANSPOSE_B");
    boolean padded = tiled && k % kernel.defines().get("TILE_K") != 0;
    int last = a.length - 1;
    List<Object> words =
        List.of(
            n,
            m,
            columns,
            k,
            a[last - 1],
            new double[] {(Double) a[last]},
            flags + (padded ? 4 : 0),
            read(a[0]),
            read(a[1]),
            read(a[2]),
            write(a[3]));
    return new SmallCode(PRODUCT, words, kernel.real());
  }

  private static SmallCode addParts(DType real, Object[] a) {
    int parts = (Integer) a[3];
    int size = (Integer) a[4];
    if (size > MOST || StrictMath.ceilDiv(size, GROUP) * parts > TERMS) {
      return null;
    }
    double[] slope = {(Double) a[7]};
    List<Object> words =
        List.of(size, parts, a[5], a[6], slope, read(a[0]), read(a[1]), write(a[2]));
    return new SmallCode(ADD_PARTS, words, real);
  }

  private static SmallCode sum(DType real, Object[] a) {
    int outputs = (Integer) a[2];
    int lanes = (Integer) a[5];
    int size = (Integer) a[6];
    int pieces = (Integer) a[7];
    int rounds = StrictMath.ceilDiv(outputs, GROUP / lanes) * pieces;
    if (rounds > ROUNDS || rounds * StrictMath.ceilDiv(size, lanes) > SUMS) {
      return null;
    }
    List<Object> words =
        List.of(outputs, rounds, lanes, a[4], a[3], size, pieces, read(a[0]), write(a[1]));
    return new SmallCode(SUM, words, real);
  }

  private static DType real(Place p) {
    return p.dtype() == DType.INT32 ? null : p.dtype();
  }

  private static SmallCode move(int what, Object x, Object y, Object n, Object... table) {
    return (Integer) n > MOST
        ? null
        : new SmallCode(what, moved(n, read(x), write(y), List.of(table)), real((Place) y));
  }

  private static SmallCode move(int what, Object x, Object y, Object n, int[] table) {
    return move(what, x, y, n, (Object[]) Arrays.stream(table).boxed().toArray(Integer[]::new));
  }

  private static List<Object> moved(Object n, Operand x, Operand y, List<Object> rest) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of(n, y.place().dtype() == DType.INT32 ? 1 : 0, x, y));
    words.addAll(rest);
    return words;
  }

  private static SmallCode rows(int what, Object[] a) {
    List<Object> rest = List.of(read(a[1]), a[3], a[4]);
    return (Integer) a[5] > MOST
        ? null
        : new SmallCode(what, moved(a[5], read(a[0]), write(a[2]), rest), real((Place) a[2]));
  }
}
