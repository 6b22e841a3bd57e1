package org.amortis.engine.device.gpu;

import static org.amortis.engine.device.gpu.ReduceLowering.BUSY;
import static org.amortis.engine.device.gpu.ReduceLowering.ceil;
import static org.amortis.engine.device.gpu.ReduceLowering.powerOfTwo;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.shape.DType;

/// Launches of splines, affine couplings and Chebyshev series.
final class FlowLowering {
  /// Bytes of local memory that a group may fill with rows of spline parameters.
  private static final int LOCAL = 16 << 10;

  /// Elements that a row of spline parameters must serve for its bins to be worked out once.
  private static final int SHARED = 16;

  /// Bins of the splines that kernels are built for beforehand.
  private static final int[] BINS = {4, 5, 6, 8, 10, 12, 16};

  private FlowLowering() {}

  static void spline(Emit e, RationalQuadratic r) {
    Pieces p = Pieces.of(e, r);
    boolean shared = p.each >= SHARED;
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(List.of(e.operand(0), e.operand(1), e.result(0), e.result(1)));
    arguments.addAll(shared ? p.extents() : List.of(p.elements(), p.each));
    arguments.addAll(rule(r.spline()));
    String entry = shared ? "spline_shared" : "spline_each";
    e.launch(p.kernel(entry), shared ? p.grid() : p.grid(p.elements()), arguments.toArray());
  }

  static void splineGradient(Emit e, RationalQuadratic.Gradient g) {
    Pieces p = Pieces.of(e, g.map());
    Spline s = g.map().spline();
    boolean shared = p.each != 1;
    DType real = e.out(0).dtype();
    Place parts = shared ? e.scratch(real, p.pieces * e.out(1).size()) : e.result(1);
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      arguments.add(e.operand(i));
    }
    arguments.addAll(List.of(e.result(0), parts));
    arguments.addAll(shared ? p.extents() : List.of(p.elements()));
    arguments.addAll(rule(s));
    String entry = shared ? "spline_shared_gradient" : "spline_each_gradient";
    e.launch(p.kernel(entry), shared ? p.grid() : p.grid(p.elements()), arguments.toArray());
    if (shared) {
      e.launch(
          p.kernel("spline_shared_join"),
          p.grid(p.rows * p.items),
          e.operand(1),
          parts,
          e.result(1),
          p.rows,
          p.pieces,
          scale(s, s.minWidth()),
          scale(s, s.minHeight()));
    }
  }

  /// The parameters of a kernel that say what raw parameters mean.
  private static List<Object> rule(Spline s) {
    return List.of(
        s.bound(),
        2 * s.bound() * s.minWidth(),
        scale(s, s.minWidth()),
        2 * s.bound() * s.minHeight(),
        scale(s, s.minHeight()),
        s.minDerivative());
  }

  private static double scale(Spline s, double least) {
    return 2 * s.bound() * (1 - s.bins() * least);
  }

  /// How the elements of a spline are divided.
  ///
  /// @param map the spline
  /// @param real type of its elements
  /// @param rows rows of raw parameters
  /// @param each elements that a row serves
  /// @param items items of a group
  /// @param size elements of a piece of a row
  /// @param pieces pieces of a row
  private record Pieces(
      RationalQuadratic map, DType real, int rows, int each, int items, int size, int pieces) {

    static Pieces of(Emit e, RationalQuadratic map) {
      DType real = e.in(0).dtype();
      int rows = e.in(1).shape().dim(0);
      int each = e.in(0).size() / rows;
      int items = items(map, real);
      int most = StrictMath.min(ceil(BUSY, rows), ceil(each, 4 * items));
      int size = ceil(each, most);
      return new Pieces(map, real, rows, each, items, size, ceil(each, size));
    }

    /// Items of a group: a power of two up to 64, so many that their parameters and the bins of one
    /// row fit local memory.
    private static int items(RationalQuadratic map, DType real) {
      int bins = map.spline().bins();
      int free = LOCAL / real.bytes() - (5 * bins + 1);
      int items = StrictMath.min(64, Integer.highestOneBit(free / (map.spline().parameters() | 1)));
      if (free <= 0 || items == 0) {
        throw new UnsupportedOperationException(
            "[" + map.name() + "] " + bins + " bins do not fit the local memory of a GPU");
      }
      return items;
    }

    int elements() {
      return rows * each;
    }

    List<Object> extents() {
      return List.of(rows, each, size, pieces);
    }

    Kernel kernel(String entry) {
      return kernel(entry, real, map, items);
    }

    private static Kernel kernel(String entry, DType real, RationalQuadratic map, int items) {
      return Kernel.of(entry, real)
          .define("BINS", map.spline().bins())
          .define("INVERSE", map.inverse() ? 1 : 0)
          .define("ROWS", items);
    }

    Grid grid() {
      return Grid.groups(rows, pieces, 1).of(items, 1, 1);
    }

    Grid grid(int n) {
      return Grid.groups(ceil(n, items), 1, 1).of(items, 1, 1);
    }
  }

  /// Every kernel of an entry point for splines of the bins that kernels are built for beforehand.
  static List<Kernel> splines(String entry, DType real) {
    List<Kernel> all = new ArrayList<>();
    for (int bins : BINS) {
      for (boolean inverse : new boolean[] {false, true}) {
        RationalQuadratic map = new RationalQuadratic(Spline.of(bins, 1), inverse);
        all.add(Pieces.kernel(entry, real, map, Pieces.items(map, real)));
      }
    }
    return all;
  }

  /// Every kernel of an entry point of affine couplings.
  static List<Kernel> couplings(String entry, DType real) {
    return List.of(
        Kernel.of(entry, real).define("INVERSE", 0), Kernel.of(entry, real).define("INVERSE", 1));
  }

  private static Kernel affine(String entry, DType real, AffineCoupling a) {
    return Kernel.of(entry, real).define("INVERSE", a.inverse() ? 1 : 0);
  }

  static void affine(Emit e, AffineCoupling a) {
    int rows = e.in(0).shape().dim(0);
    int d = e.in(0).shape().dim(1);
    int lanes = StrictMath.min(64, powerOfTwo(d));
    e.launch(
        affine("flow_coupling", e.out(0).dtype(), a),
        Grid.groups(ceil(rows, 64 / lanes), 1, 1).of(64, 1, 1),
        e.operand(0),
        e.operand(1),
        e.result(0),
        e.result(1),
        rows,
        d,
        lanes,
        a.clamp());
  }

  static void affineGradient(Emit e, AffineCoupling.Gradient g) {
    int n = e.in(0).size();
    e.launch(
        affine("flow_coupling_gradient", e.out(0).dtype(), g.map()),
        Grid.items(n),
        e.operand(0),
        e.operand(1),
        e.operand(2),
        e.operand(3),
        e.result(0),
        e.result(1),
        n,
        e.in(0).shape().dim(1),
        g.map().clamp());
  }

  static void chebyshev(Emit e, ChebyshevSeries c) {
    Chebyshev s = c.series();
    int n = e.out(0).size();
    e.launch(
        Kernel.of("flow_chebyshev", e.out(0).dtype()),
        Grid.items(n),
        e.operand(0),
        e.operand(1),
        e.result(0),
        n,
        e.in(1).shape().dim(1),
        s.terms(),
        s.low(),
        s.high(),
        2 / (s.high() - s.low()),
        -(s.low() + s.high()) / (s.high() - s.low()));
  }
}
