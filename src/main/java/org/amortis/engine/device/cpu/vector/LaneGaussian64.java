package org.amortis.engine.device.cpu.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.LogProduct64;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.SparseMap;

/// Gaussian log-densities of structures with small blocks, one item a vector lane.
///
/// Every element of a block is a vector over items, so that small sizes waste nothing. Right-hand
/// sides are further rows below the triangle.
final class LaneGaussian64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int GROUP = 8;
  private static final int ORIGIN = LaneMap64.ORIGIN;
  private static final double LOG_2PI = 1.8378770664093453;
  private static final long FRACTION = 0x000FFFFFFFFFFFFFL;
  private static final long ONE = 0x3FF0000000000000L;

  private final GramStructure structure;
  private final boolean skips;
  private final List<LaneMap64> stages = new ArrayList<>();
  private final List<Block> blocks;
  private final LaneEntries64.Places places;

  /// One block: where its pairs of rows start, and how it is filled.
  private static final class Block {
    final int size;
    final int padded;
    final int rightHandSides;
    final LaneEntries64 entries;

    Block(GramStructure.Block block, LaneEntries64.Places places) {
      size = block.size();
      padded = (size + 3) / 4 * 4;
      rightHandSides = block.rightHandSides();
      entries = new LaneEntries64(block.entries(), size, places);
    }

    /// Where pair p of the triangle starts, in values.
    static int pair(int p) {
      int half = p / 2;
      return p % 2 == 0 ? 8 * half * (half + 1) : 8 * (half + 1) * (half + 1);
    }

    /// Where pair p of the right-hand sides starts, in values.
    int side(int p) {
      return pair(padded / 2) + 2 * padded * p;
    }

    int length() {
      return side((rightHandSides + 1) / 2);
    }
  }

  LaneGaussian64(GramStructure structure) {
    this.structure = structure;
    skips = structure.usesFirst();
    int width = structure.lags();
    for (SparseMap stage : structure.stages()) {
      int[] place = new int[stage.rows()];
      for (int i = 0; i < place.length; i++) {
        place[i] = width++;
      }
      stages.add(new LaneMap64(stage, place));
    }
    places = new LaneEntries64.Places(width);
    blocks = structure.blocks().stream().map(b -> new Block(b, places)).toList();
  }

  /// Working memory of one thread.
  static final class Work {
    final double[] values;
    final double[] x;
    final double[] inverse;
    final double[] pivot;
    final double[] mantissa = new double[L];
    final double[] exponent = new double[L];
    final double[] quadratic = new double[L];
    final int[] row = new int[L];
    final int[] item = new int[L];
    final boolean[] definite = new boolean[L];

    private Work(LaneGaussian64 owner) {
      values = owner.places.values();
      x =
          new double
              [owner.blocks.stream().mapToInt(Block::length).max().orElseThrow() * L + ORIGIN];
      int padded = owner.blocks.stream().mapToInt(b -> b.padded).max().orElseThrow();
      inverse = new double[padded * L + ORIGIN];
      pivot = new double[padded * L + ORIGIN];
    }
  }

  Work work() {
    return new Work(this);
  }

  /// Writes log-densities; see `GaussianDensity64.logDensity`.
  void logDensity(
      double[] lagValues,
      double[] projected,
      int repeat,
      double[] out,
      int from,
      int to,
      Work work) {
    // Items without a variance, such as candidates outside a prior, take no lane.
    int count = 0;
    for (int i = from; i < to; i++) {
      double variance = lagValues[i * structure.lags()];
      if (skips && variance != variance) {
        out[i] = Double.NEGATIVE_INFINITY;
      } else {
        work.row[count++] = i;
      }
      if (count == L || i == to - 1 && count > 0) {
        group(lagValues, projected, repeat, out, count, work);
        count = 0;
      }
    }
  }

  private void group(
      double[] lagValues, double[] projected, int repeat, double[] out, int count, Work work) {
    Arrays.fill(work.row, count, L, work.row[count - 1]);
    items(lagValues, projected, repeat, work);
    for (int lane = 0; lane < count; lane++) {
      double logDeterminant = LogProduct64.log(work.mantissa[lane], work.exponent[lane]);
      out[work.row[lane]] =
          work.definite[lane]
              ? -0.5 * (logDeterminant + work.quadratic[lane] + structure.order() * LOG_2PI)
              : Double.NEGATIVE_INFINITY;
    }
  }

  /// The items of `work.row`, one a lane.
  private void items(double[] lagValues, double[] projected, int repeat, Work work) {
    int m = structure.lags();
    for (int lane = 0; lane < L; lane++) {
      work.item[lane] = work.row[lane] * m;
    }
    LaneTranspose64.negatives(lagValues, work.item, m, work.values, ORIGIN, L);
    for (LaneMap64 stage : stages) {
      stage.applyInto(work.values, work.values);
    }
    Arrays.fill(work.mantissa, 1);
    Arrays.fill(work.exponent, 0);
    Arrays.fill(work.quadratic, 0);
    Arrays.fill(work.definite, true);
    int z = 0;
    for (Block block : blocks) {
      block.entries.prepare(work.values);
      fill(block, projected, z, repeat, work);
      factor(block, work);
      determinant(block, work);
      squares(block, work);
      z += block.size * block.rightHandSides;
    }
  }

  /// Right-hand sides of a block as rows below its triangle.
  private void fill(Block block, double[] projected, int z, int repeat, Work work) {
    double[] x = work.x;
    int n = structure.order();
    for (int r = 0; r < block.rightHandSides; r++) {
      int row = ORIGIN + (block.side(r / 2) + r % 2) * L;
      for (int lane = 0; lane < L; lane++) {
        work.item[lane] = work.row[lane] / repeat * n + z + r * block.size;
      }
      LaneTranspose64.negatives(projected, work.item, block.size, x, row, 2 * L);
      clear(x, row + 2 * block.size * L, block.padded - block.size);
    }
  }

  /// Zeroes every other vector.
  private static void clear(double[] x, int at, int count) {
    DoubleVector zero = DoubleVector.zero(S);
    for (int j = 0; j < count; j++) {
      zero.intoArray(x, at + 2 * j * L);
    }
  }

  /// Factors a block, eight pairs of rows at a time: a group reads the finished rows above it once
  /// and stays near.
  private static void factor(Block block, Work work) {
    int pairs = block.padded / 2;
    for (int first = 0; first < pairs; first += GROUP) {
      int end = Math.min(first + GROUP, pairs);
      for (int row = first; row < end; row += 2) {
        for (int p = 0; p < first; p += 2) {
          tile(block, row, p, work);
        }
      }
      for (int p = first; p < end; p += 2) {
        diagonal(block, p, work);
        for (int row = p + 2; row < end; row += 2) {
          tile(block, row, p, work);
        }
        sides(block, p, work);
      }
    }
  }

  /// Finishes the four columns of pairs p and p + 1 in the right-hand sides.
  private static void sides(Block block, int p, Work work) {
    int j = ORIGIN + Block.pair(p) * L;
    int k = ORIGIN + Block.pair(p + 1) * L;
    int d = ORIGIN + 2 * p * L;
    for (int side = 0; 2 * side < block.rightHandSides; side++) {
      int a = ORIGIN + block.side(side) * L;
      if (2 * side + 1 < block.rightHandSides) {
        LaneTile64.sides(work.x, a, j, k, 4 * p * L, work.inverse, d);
      } else {
        LaneTile64.side(work.x, a, j, k, 4 * p * L, work.inverse, d);
      }
    }
  }

  private static void diagonal(Block block, int p, Work work) {
    LaneEntries64 entries = block.entries;
    LaneTile64.diagonal(
        work.values,
        entries.terms,
        entries.at(p / 2, p / 2),
        entries.factor,
        work.x,
        ORIGIN + Block.pair(p) * L,
        ORIGIN + Block.pair(p + 1) * L,
        4 * p * L,
        work.inverse,
        work.pivot,
        ORIGIN + 2 * p * L);
  }

  /// Finishes the four columns of pairs p and p + 1 in pairs row and row + 1.
  private static void tile(Block block, int row, int p, Work work) {
    LaneEntries64 entries = block.entries;
    LaneTile64.tile(
        work.values,
        entries.terms,
        entries.at(row / 2, p / 2),
        entries.factor,
        work.x,
        ORIGIN + Block.pair(row) * L,
        ORIGIN + Block.pair(row + 1) * L,
        ORIGIN + Block.pair(p) * L,
        ORIGIN + Block.pair(p + 1) * L,
        4 * p * L,
        work.inverse,
        ORIGIN + 2 * p * L);
  }

  /// Multiplies the determinants by the pivots; see `LogProduct64`.
  private static void determinant(Block block, Work work) {
    DoubleVector mantissa = DoubleVector.fromArray(S, work.mantissa, 0);
    DoubleVector exponent = DoubleVector.fromArray(S, work.exponent, 0);
    VectorMask<Double> definite = S.maskAll(true);
    for (int i = 0; i < block.size; i++) {
      DoubleVector pivot = DoubleVector.fromArray(S, work.pivot, ORIGIN + i * L);
      definite =
          definite
              .and(pivot.compare(VectorOperators.GT, 0))
              .and(pivot.compare(VectorOperators.LE, Double.MAX_VALUE));
      for (int r = 0; r < block.rightHandSides; r++) {
        LongVector bits = mantissa.mul(pivot).viewAsIntegralLanes().reinterpretAsLongs();
        mantissa = bits.and(FRACTION).or(ONE).viewAsFloatingLanes().reinterpretAsDoubles();
        LongVector power = bits.lanewise(VectorOperators.LSHR, 52).sub(1023);
        exponent = exponent.add((DoubleVector) power.convert(VectorOperators.L2D, 0));
      }
    }
    mantissa.intoArray(work.mantissa, 0);
    exponent.intoArray(work.exponent, 0);
    for (int lane = 0; lane < L; lane++) {
      work.definite[lane] &= definite.laneIsSet(lane);
    }
  }

  /// Adds the squared lengths of the solved right-hand sides.
  private static void squares(Block block, Work work) {
    DoubleVector sum = DoubleVector.fromArray(S, work.quadratic, 0);
    for (int r = 0; r < block.rightHandSides; r++) {
      int row = ORIGIN + (block.side(r / 2) + r % 2) * L;
      for (int j = 0; j < block.size; j++) {
        DoubleVector y = DoubleVector.fromArray(S, work.x, row + 2 * j * L);
        sum = y.fma(y, sum);
      }
    }
    sum.intoArray(work.quadratic, 0);
  }
}
