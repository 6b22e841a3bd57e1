package org.amortis.bench.lab;

import java.util.List;
import org.amortis.bench.lab.Task.Operand;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// Experiments with flows and Gaussian densities: spline, flow, gaussian, dense, whole.
final class DensityExperiments {
  private DensityExperiments() {}

  static void addTo(List<Experiment> to) {
    for (boolean inverse : new boolean[] {false, true}) {
      String which = inverse ? "inverse spline" : "spline";
      splines(
          to,
          which + ", 1,000 elements",
          inverse,
          new int[] {29, 29, 5},
          new int[] {1000, 1000, 10});
      splines(
          to,
          which + ", 1,000 draws of 1,000 rows",
          inverse,
          new int[] {600, 3, 4},
          new int[] {1_000_000, 1000, 10});
      couplings(to, inverse);
    }
    to.add(
        Experiment.of(
            "flow",
            "24 terms of 1,000 series",
            128,
            () -> series(13, 7),
            () -> series(1000, 1000)));
    gaussian(to);
  }

  /// Extents are elements, rows of raw parameters, bins.
  private static void splines(
      List<Experiment> to, String name, boolean inverse, int[] small, int[] full) {
    to.add(
        Experiment.of(
            "spline", name, 128, () -> spline(inverse, small), () -> spline(inverse, full)));
    to.add(
        Experiment.of(
            "spline",
            name + ", adjoint",
            512,
            () -> splineGradient(inverse, small),
            () -> splineGradient(inverse, full)));
  }

  private static RationalQuadratic map(boolean inverse, int bins) {
    return new RationalQuadratic(Spline.of(bins, 3), inverse);
  }

  private static Task spline(boolean inverse, int[] e) {
    Numbers v = new Numbers();
    RationalQuadratic map = map(inverse, e[2]);
    return Task.of(
        map,
        v.uniform(Type.f32(e[0]), -3.5, 3.5),
        v.normal(Type.f32(e[1], map.spline().parameters())));
  }

  private static Task splineGradient(boolean inverse, int[] e) {
    Numbers v = new Numbers();
    RationalQuadratic map = map(inverse, e[2]);
    Type x = Type.f32(e[0]);
    return Task.of(
        new RationalQuadratic.Gradient(map),
        v.uniform(x, -3.5, 3.5),
        v.normal(Type.f32(e[1], map.spline().parameters())),
        v.normal(x),
        v.normal(x));
  }

  private static void couplings(List<Experiment> to, boolean inverse) {
    AffineCoupling map = new AffineCoupling(2, inverse);
    String name = (inverse ? "inverse" : "affine") + " coupling, 200,000 x 5";
    to.add(
        Experiment.of(
            "flow", name, 32, () -> coupling(map, 13, 3), () -> coupling(map, 200_000, 5)));
    to.add(
        Experiment.of(
            "flow",
            name + ", adjoint",
            32,
            () -> couplingGradient(map, 13, 3),
            () -> couplingGradient(map, 200_000, 5)));
  }

  private static Task coupling(AffineCoupling map, int rows, int d) {
    Numbers v = new Numbers();
    return Task.of(map, v.normal(Type.f32(rows, d)), v.normal(Type.f32(rows, 2 * d)));
  }

  private static Task couplingGradient(AffineCoupling map, int rows, int d) {
    Numbers v = new Numbers();
    Type x = Type.f32(rows, d);
    return Task.of(
        new AffineCoupling.Gradient(map),
        v.normal(x),
        v.normal(Type.f32(rows, 2 * d)),
        v.normal(x),
        v.normal(Type.f32(rows)));
  }

  private static Task series(int rows, int functions) {
    Numbers v = new Numbers();
    return Task.of(
        new ChebyshevSeries(new Chebyshev(24, -1, 3)),
        v.normal(Type.f64(24, functions)),
        v.uniform(Type.f64(rows, functions), -0.9, 2.9));
  }

  private static void gaussian(List<Experiment> to) {
    String family = "gaussian";
    Field small = new Field(5, true);
    Field lattice = new Field(16, true);
    Field dense = new Field(16, false);
    to.add(
        Experiment.of(
            "whole",
            "log-density of 1,000 fields of 256, by symmetry",
            64,
            () -> small.density(7),
            () -> lattice.density(1000)));
    to.add(
        Experiment.of(
            "dense",
            "log-density of 1,000 fields of 256",
            64,
            () -> new Field(11, false).density(3),
            () -> dense.density(1000)));
    to.add(
        Experiment.of(
            family,
            "adjoint of 1,000 log-densities, by symmetry",
            512,
            () -> small.gradient(7),
            () -> lattice.gradient(1000)));
    to.add(
        Experiment.of(
            family,
            "64 fields of 256",
            64,
            () -> new Field(6, false).draws(3),
            () -> dense.draws(64)));
  }

  /// Fields on a square lattice with an exponential covariance, each at its own range.
  private record Field(int side, boolean symmetric) {
    GramStructure structure() {
      return symmetric ? GramStructure.squareLattice(side) : GramStructure.denseLattice(side);
    }

    private static Operand covariance(Numbers v, int side, int fields) {
      double[] distance = GramStructure.latticeDistances(side);
      double[] c = new double[fields * distance.length];
      for (int i = 0; i < c.length; i++) {
        double range = 0.05 + 0.5 * (i / distance.length) / fields;
        c[i] = StrictMath.exp(-distance[i % distance.length] / range);
      }
      return v.of(new Type(DType.FLOAT64, Type.f64(fields, distance.length).shape()), c);
    }

    private Operand data(Numbers v, int fields) {
      return v.normal(Type.f64(fields, side * side));
    }

    Task density(int fields) {
      Numbers v = new Numbers();
      return Task.of(
          new GaussianLogDensity(structure(), false), covariance(v, side, fields), data(v, fields));
    }

    Task gradient(int fields) {
      Numbers v = new Numbers();
      return Task.of(
          new GaussianLogDensity.Gradient(structure()),
          covariance(v, side, fields),
          data(v, fields),
          v.normal(Type.f64(fields)));
    }

    Task draws(int fields) {
      Numbers v = new Numbers();
      return Task.of(new GaussianField(structure()), covariance(v, side, fields), data(v, fields));
    }
  }
}
