package org.amortis.engine.device.gpu;

import org.amortis.engine.shape.DType;

/// Part of a product that one group of items computes.
///
/// Sizes are chosen so that a group's two tiles of each operand take at most 32 KiB of local memory
/// and an item's sums at most half of its registers.
enum MatMulTile {
  /// One item an element, operands from global memory.
  ELEMENTS(1.0 / 16, new int[] {1, 1, 1, 1, 1}, new int[] {1, 1, 1, 1, 1}),
  LARGE(1, new int[] {128, 128, 8, 8, 8}, new int[] {128, 64, 8, 8, 4}),
  MEDIUM(0.85, new int[] {64, 64, 16, 8, 4}, new int[] {64, 64, 8, 8, 4}),
  SMALL(0.6, new int[] {32, 32, 16, 4, 4}, new int[] {32, 32, 16, 4, 4}),
  /// For results of few columns.
  TALL(0.5, new int[] {64, 16, 16, 4, 4}, new int[] {64, 16, 16, 4, 4}),
  /// For results of few rows.
  WIDE(0.5, new int[] {16, 64, 16, 4, 4}, new int[] {16, 64, 16, 4, 4});

  /// Share of the peak rate to expect of a full device, from the bytes a multiply-add needs: an
  /// estimate, not a measurement.
  final double rate;

  private final int[] single;
  private final int[] dual;

  MatMulTile(double rate, int[] single, int[] dual) {
    this.rate = rate;
    this.single = single;
    this.dual = dual;
  }

  /// Rows of the tile, and so on: what the kernel calls TILE_M, TILE_N, TILE_K, THREAD_M, THREAD_N.
  int m(DType real) {
    return sizes(real)[0];
  }

  int n(DType real) {
    return sizes(real)[1];
  }

  int k(DType real) {
    return sizes(real)[2];
  }

  int threadM(DType real) {
    return sizes(real)[3];
  }

  int threadN(DType real) {
    return sizes(real)[4];
  }

  /// Items of a group.
  int items(DType real) {
    return m(real) / threadM(real) * (n(real) / threadN(real));
  }

  /// Groups that one part of k takes.
  long groups(DType real, int batch, int m, int n) {
    return (long) batch * ceil(m, m(real)) * ceil(n, n(real));
  }

  private int[] sizes(DType real) {
    return real == DType.FLOAT64 ? dual : single;
  }

  static int ceil(int a, int b) {
    return (a - 1) / b + 1;
  }
}
