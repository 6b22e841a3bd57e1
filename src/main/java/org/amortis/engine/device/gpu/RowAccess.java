package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// What each row of an instruction's results touches, where the results are cut into so many rows.
///
/// Two instructions on the same memory can go row by row side by side where both touch, for each
/// row of theirs, nothing but this row of it.
///
/// @param parts of the operands in their order; `null` for memory that rows do not divide
record RowAccess(int rows, List<Part> parts) {
  /// Rows of some memory.
  ///
  /// @param memory base of the operand's place
  /// @param from element at which row 0 begins
  /// @param width elements of a row
  record Part(Place memory, int from, int width) {}

  /// Bounds of what is touched of one operand: of each row the first element and the last.
  private static final class Bounds {
    private final int[] first;
    private final int[] last;

    Bounds(int rows) {
      first = new int[rows];
      last = new int[rows];
      Arrays.fill(first, Integer.MAX_VALUE);
      Arrays.fill(last, -1);
    }

    void add(int row, int from, int to) {
      first[row] = StrictMath.min(first[row], from);
      last[row] = StrictMath.max(last[row], to);
    }

    /// Whether every row lies in a row of so many elements.
    boolean within(int start, int width) {
      for (int r = 0; r < first.length; r++) {
        if (last[r] >= 0
            && (first[r] < start + (long) r * width || last[r] >= start + (r + 1L) * width)) {
          return false;
        }
      }
      return true;
    }
  }

  /// The rows of an instruction; `null` where its results cannot be cut into so many.
  ///
  /// @param elements of a place's base
  static RowAccess of(SmallCode code, int rows, GpuProgram program) {
    if (code.n() % rows != 0 || code.n() == 0) {
      return null;
    }
    List<SmallCode.Operand> operands = code.operands();
    // Kernels take some memory for an operand that they do not need: that of another operand.
    Map<Place, Bounds> places = new HashMap<>();
    List<Bounds> bounds = new ArrayList<>();
    for (SmallCode.Operand o : operands) {
      bounds.add(places.computeIfAbsent(o.place(), p -> new Bounds(rows)));
    }
    new Walk(code, rows, bounds).go();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      Part part = part(operands.get(i).place(), bounds.get(i), rows, program);
      if (part == null && operands.get(i).writes() && !contiguous(code)) {
        return null;
      }
      parts.add(part);
    }
    return new RowAccess(rows, parts);
  }

  /// Whether row r of the results is the r-th part of what is written, wherever this lies.
  private static boolean contiguous(SmallCode code) {
    return code.what() != SmallCode.TO;
  }

  /// The rows that hold what is touched: those of the operand, or of all that it is part of.
  private static Part part(Place place, Bounds touched, int rows, GpuProgram program) {
    Place base = program.base(place);
    int all = program.elements(base);
    int own = place.extent() < 0 ? all - place.at() : place.extent();
    if (own > 0 && own % rows == 0 && touched.within(0, own / rows)) {
      return new Part(base, place.at(), own / rows);
    }
    if (all % rows == 0 && touched.within(-place.at(), all / rows)) {
      return new Part(base, 0, all / rows);
    }
    return null;
  }

  /// Goes through what an instruction touches, relative to the places of its operands.
  private record Walk(SmallCode code, int rows, List<Bounds> bounds) {
    void go() {
      int w = code.n() / rows;
      switch (code.what()) {
        case SmallCode.POINTWISE -> pointwise(w);
        case SmallCode.INTEGERS -> {
          int second = 5 + code.number(4);
          each(0, w, i -> repeated(5, i));
          each(1, w, i -> repeated(second, i));
          same(2, w);
        }
        case SmallCode.PRODUCT -> product(w);
        case SmallCode.ADD_PARTS -> {
          for (int p = 0; p < code.number(0); p++) {
            int skip = p * code.n();
            each(0, w, i -> skip + i);
          }
          each(1, w, i -> i % code.number(1));
          same(2, w);
        }
        case SmallCode.SUM -> sum(w);
        case SmallCode.FROM -> {
          each(0, w, i -> repeated(3, i));
          same(1, w);
        }
        case SmallCode.TO -> {
          same(0, w);
          each(1, w, i -> repeated(3, i));
        }
        case SmallCode.ZERO -> same(1, w);
        case SmallCode.WINDOW, SmallCode.GATHER -> {
          boolean window = code.what() == SmallCode.WINDOW;
          int width = code.number(5);
          span(0, Integer.MAX_VALUE);
          each(2, w, i -> window ? 0 : i / width);
          same(1, w);
        }
        case SmallCode.SPLINE, SmallCode.SPLINE_GRADIENT -> spline(w);
        default -> throw new IllegalStateException("instruction " + code.what());
      }
    }

    /// The elements of the operand for each result.
    private void each(int operand, int w, IntUnaryOperator element) {
      Bounds b = bounds.get(operand);
      for (int row = 0; row < rows; row++) {
        for (int i = row * w; i < (row + 1) * w; i++) {
          int at = element.applyAsInt(i);
          b.add(row, at, at);
        }
      }
    }

    /// So many elements for each row, one after the other; the first for all where there are none.
    private void same(int operand, int width) {
      for (int row = 0; row < rows; row++) {
        bounds.get(operand).add(row, row * width, StrictMath.max(0, (row + 1) * width - 1));
      }
    }

    /// All elements below `to`, for every row.
    private void span(int operand, int to) {
      for (int row = 0; row < rows; row++) {
        bounds.get(operand).add(row, 0, to - 1);
      }
    }

    private int repeated(int table, int i) {
      int at = 0;
      int left = i;
      for (int k = 0; k < code.number(table); k++) {
        int extent = code.number(table + 1 + 2 * k);
        at += left % extent * code.number(table + 2 + 2 * k);
        left /= extent;
      }
      return at;
    }

    private void pointwise(int w) {
      int first = 2 + SmallCode.MEMORIES;
      int tables = first + PointwiseCode.LENGTH * code.number(0);
      for (int at = first; at < tables; at += PointwiseCode.LENGTH) {
        int memory = code.number(at + 2);
        int step = code.number(at + 3);
        switch (code.number(at)) {
          case PointwiseCode.LOAD -> same(memory, step * w);
          case PointwiseCode.LOAD_REPEATED -> each(memory, w, i -> repeated(tables + step, i));
          case PointwiseCode.STORE -> same(memory, w);
          default -> {}
        }
      }
    }

    private void product(int w) {
      int m = code.number(0);
      int columns = code.number(1);
      int k = code.number(2);
      boolean turned = code.number(5) != 0;
      for (int row = 0; row < rows; row++) {
        int first = row * w / columns;
        int last = ((row + 1) * w - 1) / columns;
        if (turned || !code.panel()) {
          bounds.get(0).add(row, 0, Integer.MAX_VALUE - 1);
        } else {
          bounds.get(0).add(row, first * k, (last + 1) * k - 1);
        }
      }
      span(1, Integer.MAX_VALUE);
      if (code.number(3) > 0) {
        span(2, Integer.MAX_VALUE);
      }
      same(3, w);
    }

    private void sum(int w) {
      int inner = code.number(2);
      int extent = code.number(3);
      int results = code.n();
      for (int row = 0; row < rows; row++) {
        int first = row * w;
        int last = (row + 1) * w - 1;
        bounds
            .get(0)
            .add(row, first / inner * extent * inner, (last / inner + 1) * extent * inner - 1);
        if (code.number(5) > 1) {
          bounds.get(1).add(row, 0, Integer.MAX_VALUE - 1);
        } else {
          bounds.get(1).add(row, first, last);
        }
      }
    }

    private void spline(int w) {
      boolean gradient = code.what() == SmallCode.SPLINE_GRADIENT;
      int raw = 3 * code.spline().defines().get("BINS") - 1;
      List<Integer> wide = gradient ? List.of(1, 5) : List.of(1);
      for (int operand = 0; operand < (gradient ? 6 : 4); operand++) {
        int width = wide.contains(operand) ? raw : 1;
        for (int row = 0; row < rows; row++) {
          bounds.get(operand).add(row, row * w * width, (row + 1) * w * width - 1);
        }
      }
    }
  }
}
