package org.amortis.engine.device.cuda.emulator;

import java.util.Arrays;
import java.util.List;

/// Counts what launches execute: instructions of warps by class, and what their accesses cost.
///
/// A global access of a warp costs as many sectors as it touches pieces of 32 bytes. A shared one
/// is done in wavefronts: a word each of the 32 banks, where the 16 lanes of half a warp go
/// together for 8 bytes a lane and 8 lanes for 16; lanes that want the same word share it. Twice as
/// many lanes of a load go together where all lanes i and i xor 1, or all i and i xor 2, want the
/// same address. Source: NVIDIA, *Nsight Compute*, memory tables; *CUDA C++ Programming Guide*,
/// compute capability 5.x and later; forum for developers, thread 77228 (lanes that share).
public final class Counters {
  /// Classes of instructions.
  public enum Kind {
    /// Fused multiply-adds of float32 and of float64.
    FMA32,
    FMA64,
    /// Other arithmetic, comparisons included.
    FLOAT32,
    FLOAT64,
    /// Divisions and square roots, and divisions of whole numbers: each is many instructions of the
    /// device.
    DIVIDE,
    /// Whole numbers, bits, addresses.
    INTEGER,
    /// Moves, conversions, choices, predicates, parameters.
    MOVE,
    BRANCH,
    /// Products on tensor cores.
    MATRIX,
    GLOBAL,
    SHARED,
    LOCAL,
    /// Barriers, and waiting for copies.
    WAIT
  }

  private final long[] warps = new long[Kind.values().length];
  private long lanes;
  private long all;
  private long launches;
  private long sectors;
  private long globalBytes;
  private long wavefronts;
  private long phases;

  void launch() {
    launches++;
  }

  void count(Code code, int at, int mask) {
    warps[code.kinds()[at]]++;
    all++;
    lanes += Integer.bitCount(mask);
  }

  /// The class of each step.
  static int[] kinds(Step[] steps) {
    return Arrays.stream(steps).mapToInt(s -> kind(s.source.opcode()).ordinal()).toArray();
  }

  private static Kind kind(String opcode) {
    List<String> words = List.of(opcode.split("\\."));
    String type = words.getLast();
    return switch (words.getFirst()) {
      case "fma" -> type.equals("f64") ? Kind.FMA64 : Kind.FMA32;
      case "div", "rem", "rcp", "sqrt" -> Kind.DIVIDE;
      case "mma" -> Kind.MATRIX;
      case "bra", "ret", "exit" -> Kind.BRANCH;
      case "mov", "cvt", "cvta", "selp" -> Kind.MOVE;
      case "bar" -> Kind.WAIT;
      case "cp" -> words.contains("global") ? Kind.GLOBAL : Kind.WAIT;
      case "ld", "st" ->
          switch (words.get(1)) {
            case "param" -> Kind.MOVE;
            case "shared" -> Kind.SHARED;
            case "local" -> Kind.LOCAL;
            default -> Kind.GLOBAL;
          };
      default ->
          switch (type) {
            case "f32" -> Kind.FLOAT32;
            case "f64" -> Kind.FLOAT64;
            case "pred" -> Kind.MOVE;
            default -> Kind.INTEGER;
          };
    };
  }

  /// An access of the lanes of `mask`.
  void access(Warp w, Access.Space space, Access.Address address, int bytes, boolean load) {
    long[] at = new long[2 * Warp.LANES];
    int n = 0;
    if (space == Access.Space.SHARED) {
      boolean shared = load && bytes > 4 && (shared(w, address, 1) || shared(w, address, 2));
      int together = StrictMath.min(Warp.LANES, (shared ? 256 : 128) / bytes);
      for (int from = 0; from < Warp.LANES; from += together) {
        n = 0;
        for (int l = from; l < from + together; l++) {
          for (int word = 0; (w.mask >>> l & 1) != 0 && word < bytes / 4; word++) {
            at[n++] = address.of(w, l) / 4 + word;
          }
        }
        wavefronts += wavefronts(at, n);
        phases += n > 0 ? 1 : 0;
      }
    } else if (space != Access.Space.LOCAL) {
      for (int m = w.mask; m != 0; m &= m - 1) {
        at[n++] = address.of(w, Integer.numberOfTrailingZeros(m)) >>> 5;
      }
      globalBytes += (long) n * bytes;
      sectors += Arrays.stream(at, 0, n).distinct().count();
    }
  }

  /// Whether all lanes at this distance want the same address.
  private static boolean shared(Warp w, Access.Address address, int distance) {
    for (int m = w.mask; m != 0; m &= m - 1) {
      int l = Integer.numberOfTrailingZeros(m);
      boolean both = (w.mask >>> (l ^ distance) & 1) != 0;
      if (both && address.of(w, l) != address.of(w, l ^ distance)) {
        return false;
      }
    }
    return true;
  }

  /// Rounds until every bank has given all different words that are wanted of it.
  private static int wavefronts(long[] words, int n) {
    int[] wanted = new int[Warp.LANES];
    long[] sorted = Arrays.stream(words, 0, n).distinct().toArray();
    int most = 0;
    for (long word : sorted) {
      most = StrictMath.max(most, ++wanted[(int) (word % Warp.LANES)]);
    }
    return most;
  }

  /// Launches so far.
  public long launches() {
    return launches;
  }

  /// Instructions of warps of a class.
  public long warps(Kind kind) {
    return warps[kind.ordinal()];
  }

  /// Instructions of warps.
  public long all() {
    return all;
  }

  /// Lanes that took part in an instruction, of 32, on average.
  public double lanes() {
    return all == 0 ? 0 : (double) lanes / all;
  }

  /// Sectors of 32 bytes that global accesses touched.
  public long sectors() {
    return sectors;
  }

  /// Bytes that lanes wanted of global memory for each byte of a sector that was touched; above 1
  /// where lanes want the same ones.
  public double used() {
    return sectors == 0 ? 0 : (double) globalBytes / (32 * sectors);
  }

  /// Wavefronts of shared accesses.
  public long wavefronts() {
    return wavefronts;
  }

  /// Wavefronts for each that there would be without conflicts of banks.
  public double conflicts() {
    return phases == 0 ? 0 : (double) wavefronts / phases;
  }
}
