package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.Epilogue32;
import org.amortis.engine.device.cpu.MatMulKernels32;
import org.amortis.engine.device.cpu.Scratch32;
import org.amortis.engine.op.Activation;

/// Matrix products in register tiles of 12 rows by two vectors (6 rows where registers are few).
///
/// Large products copy blocks of both factors into panels that are read front to back; small ones
/// read the factors where they lie. Columns that do not fill a vector go through a padded panel and
/// a small tile, never through masked loads in the loop.
public final class VectorMatMul32 implements MatMulKernels32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int PANEL = 2 * L;

  /// Tile height: 24 accumulators with 32 registers, 12 with 16.
  private static final int TALL = S.vectorBitSize() == 512 ? 12 : 6;

  /// Steps of the inner dimension a block: a panel of the right factor stays in the first-level
  /// cache.
  private static final int DEPTH = 768;

  /// Rows a block: the packed left block stays in the second-level cache.
  private static final int ROWS = 96;

  /// Columns a block.
  private static final int COLUMNS = 2048;

  /// Where the sums of a fresh product start.
  private static final float[] ZERO = new float[PANEL];

  private static final int LEFT_SLOT = 0;
  private static final int RIGHT_SLOT = 1;
  private static final int TILE_SLOT = 2;

  @Override
  public void multiply(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      float[] c,
      int cOff,
      int ldc,
      Epilogue32 epilogue,
      int rowFrom,
      int rowTo,
      int colFrom,
      int colTo,
      Scratch32 scratch) {
    Objects.checkFromToIndex(rowFrom, rowTo, m);
    Objects.checkFromToIndex(colFrom, colTo, n);
    int rows = rowTo - rowFrom;
    int cols = colTo - colFrom;
    if (rows == 0 || cols == 0) {
      return;
    }
    if (k == 0) {
      empty(c, cOff, ldc, epilogue, rowFrom, rowTo, colFrom, colTo);
      return;
    }
    boolean packRight = transB || packsRight(rows, (long) k * cols);
    boolean packLeft = rows >= 4 && (long) rows * k >= 32768 && packsLeft(transA, k, cols, lda);
    int depth = k <= DEPTH + DEPTH / 2 ? k : blockOf(k, DEPTH);
    int block = packLeft ? ROWS : rows;
    boolean ahead = packRight && block < rows;
    int panels = ahead ? (Math.min(COLUMNS, cols) + PANEL - 1) / PANEL : 1;
    float[] right = scratch.values(RIGHT_SLOT, panels * PANEL * depth + Scratch32.LINE);
    float[] left = packLeft ? scratch.values(LEFT_SLOT, depth * Math.min(ROWS, rows)) : a;
    float[] tile = scratch.values(TILE_SLOT, TALL * PANEL);
    int right0 = packRight ? Scratch32.lead(right) : 0;
    for (int j0 = colFrom; j0 < colTo; j0 += COLUMNS) {
      int j1 = Math.min(colTo, j0 + COLUMNS);
      for (int p0 = 0; p0 < k; p0 += depth) {
        int kc = Math.min(depth, k - p0);
        boolean start = p0 == 0 && !epilogue.accumulate();
        boolean end = p0 + kc == k && epilogue.finishes();
        for (int j = j0; ahead && j < j1; j += PANEL) {
          Panels32.right(
              transB,
              kc,
              b,
              bOff,
              ldb,
              p0,
              j,
              Math.min(PANEL, j1 - j),
              right,
              right0 + (j - j0) * kc);
        }
        for (int i0 = rowFrom; i0 < rowTo; i0 += block) {
          int i1 = Math.min(rowTo, i0 + block);
          if (packLeft) {
            packLeft(transA, kc, a, aOff, lda, p0, i0, i1, left);
          }
          for (int j = j0; j < j1; j += PANEL) {
            int width = Math.min(PANEL, j1 - j);
            int vectors = width > L ? 2 : 1;
            boolean whole = width == vectors * L;
            boolean direct = !packRight && whole;
            int panel = ahead ? right0 + (j - j0) * kc : right0;
            if (!ahead && !direct) {
              Panels32.right(transB, kc, b, bOff, ldb, p0, j, width, right, panel);
            }
            float[] bs = direct ? b : right;
            int b0 = direct ? bOff + p0 * ldb + j : panel;
            int bStep = direct ? ldb : vectors * L;
            for (int i = i0; i < i1; ) {
              int height = heightAt(i1 - i);
              int at = cOff + i * ldc + j;
              float[] to = whole ? c : tile;
              int to0 = whole ? at : 0;
              int toStep = whole ? ldc : PANEL;
              if (!start && !whole) {
                for (int r = 0; r < height; r++) {
                  System.arraycopy(c, at + r * ldc, tile, r * PANEL, width);
                }
              }
              float[] from = start ? ZERO : to;
              int from0 = start ? 0 : to0;
              int step = start ? 0 : toStep;
              if (packLeft) {
                int a0 = (i - i0) * kc;
                panels(
                    height, vectors, kc, left, a0, height, bs, b0, bStep, from, from0, step, to,
                    to0, toStep);
              } else if (transA) {
                int a0 = aOff + p0 * lda + i;
                panels(
                    height, vectors, kc, a, a0, lda, bs, b0, bStep, from, from0, step, to, to0,
                    toStep);
              } else {
                int a0 = aOff + i * lda + p0;
                rows(
                    height, vectors, kc, a, a0, lda, bs, b0, bStep, from, from0, step, to, to0,
                    toStep);
              }
              if (!whole) {
                copyOut(tile, height, width, c, at, ldc);
              }
              if (end) {
                finish(c, at, ldc, height, width, epilogue, j);
              }
              i += height;
            }
          }
        }
      }
    }
  }

  private static void copyOut(float[] tile, int height, int width, float[] c, int at, int ldc) {
    for (int j = 0; j < width; j += L) {
      VectorMask<Float> lanes = S.indexInRange(j, width);
      for (int r = 0; r < height; r++) {
        FloatVector.fromArray(S, tile, r * PANEL + j).intoArray(c, at + r * ldc + j, lanes);
      }
    }
  }

  private static int heightAt(int left) {
    return left >= TALL ? TALL : left >= 4 ? 4 : 1;
  }

  /// A copy pays when it is read often, or when the factor does not fit the second-level cache.
  private static boolean packsRight(int rows, long size) {
    return rows >= 16 * TALL && size >= 16384 || rows >= 4 * TALL && size >= 131072;
  }

  /// A copy pays when it is read often, or when the steps or rows of a tile fall on the same cache
  /// sets or on many pages.
  private static boolean packsLeft(boolean transA, int k, int cols, int lda) {
    boolean apart = transA ? lda >= 512 && k >= 64 : lda % 512 == 0;
    return cols >= 16 * PANEL || apart && cols >= 4 * PANEL;
  }

  private static int blockOf(int size, int block) {
    int count = (size + block - 1) / block;
    return (size + count - 1) / count;
  }

  private static void packLeft(
      boolean transA, int kc, float[] a, int aOff, int lda, int p0, int i0, int i1, float[] left) {
    for (int i = i0; i < i1; ) {
      int height = heightAt(i1 - i);
      if (transA) {
        Panels32.copy(kc, a, aOff + p0 * lda + i, lda, height, left, (i - i0) * kc);
      } else {
        Panels32.transpose(kc, a, aOff + i * lda + p0, lda, height, height, left, (i - i0) * kc);
      }
      i += height;
    }
  }

  private static void panels(
      int height,
      int vectors,
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    if (vectors == 2) {
      switch (height) {
        case 12 -> PanelTiles32.panel12x2(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        case 6 -> PanelTiles32.panel6x2(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        case 4 -> PanelTiles32.panel4x2(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        default -> PanelTiles32.single2(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
      }
    } else {
      switch (height) {
        case 12 -> PanelTiles32.panel12x1(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        case 6 -> PanelTiles32.panel6x1(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        case 4 -> PanelTiles32.panel4x1(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        default -> PanelTiles32.single1(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
      }
    }
  }

  private static void rows(
      int height,
      int vectors,
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    if (vectors == 2) {
      switch (height) {
        case 12 -> RowTiles32.rows12x2(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        case 6 -> RowTiles32.rows6x2(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        case 4 -> RowTiles32.rows4x2(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        default -> PanelTiles32.single2(k, a, a0, 1, b, b0, bs, d, d0, ds, c, c0, cs);
      }
    } else {
      switch (height) {
        case 12 -> RowTiles32.rows12x1(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        case 6 -> RowTiles32.rows6x1(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        case 4 -> RowTiles32.rows4x1(k, a, a0, as, b, b0, bs, d, d0, ds, c, c0, cs);
        default -> PanelTiles32.single1(k, a, a0, 1, b, b0, bs, d, d0, ds, c, c0, cs);
      }
    }
  }

  private static void empty(
      float[] c,
      int cOff,
      int ldc,
      Epilogue32 epilogue,
      int rowFrom,
      int rowTo,
      int colFrom,
      int colTo) {
    for (int i = rowFrom; i < rowTo; i++) {
      int at = cOff + i * ldc + colFrom;
      if (!epilogue.accumulate()) {
        Arrays.fill(c, at, at + colTo - colFrom, 0f);
      }
      if (epilogue.finishes()) {
        finish(c, at, ldc, 1, colTo - colFrom, epilogue, colFrom);
      }
    }
  }

  private static void finish(
      float[] c, int at, int ldc, int height, int width, Epilogue32 epilogue, int column) {
    float[] bias = epilogue.bias();
    boolean bent = epilogue.activation() != Activation.Kind.NONE;
    float slope = epilogue.activation() == Activation.Kind.LEAKY_RELU ? epilogue.slope() : 0f;
    boolean flat = epilogue.activation() == Activation.Kind.RELU;
    int biasAt = epilogue.biasOffset() + column;
    for (int r = 0; r < height; r++) {
      int row = at + r * ldc;
      for (int j = 0; j < width; j += L) {
        VectorMask<Float> lanes = S.indexInRange(j, width);
        FloatVector x = FloatVector.fromArray(S, c, row + j, lanes);
        if (bias != null) {
          x = x.add(FloatVector.fromArray(S, bias, biasAt + j, lanes));
        }
        if (bent) {
          VectorMask<Float> negative = x.compare(VectorOperators.LT, 0f);
          x = flat ? x.blend(0f, negative) : x.blend(x.mul(slope), negative);
        }
        x.intoArray(c, row + j, lanes);
      }
    }
  }
}
