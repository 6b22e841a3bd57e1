package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.SparseMap;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Likelihoods of the study's size, 16 x 16 sites in float64, against the cpu device.
@OnOpenCl
class GaussianDeviceTest {
  private static final Device CPU = new CpuDevice(2);
  private static final Device GPU = OnOpenCl.Shared.DEVICE;
  private static final int SIDE = 16;
  private static final double[] THETA = {0.05, 0.1, 0.3, 0.7, 0.2, 0.4};

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static GramStructure structure(boolean lattice, int side) {
    return lattice ? GramStructure.squareLattice(side) : GramStructure.denseLattice(side);
  }

  private static double[] covariances(int side) {
    double[] distance = GramStructure.latticeDistances(side);
    double[] c = new double[THETA.length * distance.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = StrictMath.exp(-distance[i % distance.length] / THETA[i / distance.length]);
    }
    return c;
  }

  private static double[] normal(int stream, int n) {
    double[] z = new double[n];
    Streams.normalInto(new RandomKey(11, stream), 0, 0, n, z, 0);
    return z;
  }

  private static double[] run(Device device, Op op, List<Type> types, List<double[]> values) {
    Trace t = new Trace("gaussian");
    List<Var> in =
        java.util.stream.IntStream.range(0, types.size())
            .mapToObj(i -> t.data("x" + i, types.get(i)))
            .toList();
    t.output("y", t.apply(op, in).getFirst());
    try (Executable e = device.bind(t.program())) {
      for (int i = 0; i < values.size(); i++) {
        e.input("x" + i).write(values.get(i), 0);
      }
      e.run();
      return e.output("y").doubles();
    }
  }

  /// Both devices within 1e-8 of the value, and the same bytes twice.
  private static double[] agree(Op op, List<Type> types, List<double[]> values, double scale) {
    double[] expected = run(CPU, op, types, values);
    double[] found = run(GPU, op, types, values);
    assertThat(found).hasSameSizeAs(expected).isEqualTo(run(GPU, op, types, values));
    for (int i = 0; i < found.length; i++) {
      if (Double.isFinite(expected[i])) {
        double most = 1e-8 * StrictMath.max(scale, StrictMath.abs(expected[i]));
        assertThat(found[i])
            .as("%s: element %d", op, i)
            .isCloseTo(expected[i], org.assertj.core.api.Assertions.within(most));
      } else {
        assertThat(found[i]).as("%s: element %d", op, i).isEqualTo(Double.valueOf(expected[i]));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void likelihoodsOfTheStudysFieldsAgree(boolean lattice) {
    GramStructure s = structure(lattice, SIDE);
    Type c = Type.f64(THETA.length, s.lags());
    int fields = 3;
    Type z = Type.f64(fields, s.order());
    List<double[]> x = List.of(covariances(SIDE), s.project(normal(1, fields * s.order())));
    agree(new GaussianLogDensity(s, false), List.of(c, z), x, 1);
    agree(new GaussianLogDensity(s, true), List.of(c, z), x, 1);
  }

  /// More data sets than one group takes at a time, none of them a multiple of its rows.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyTableMeetsEveryDataSet(boolean lattice) {
    int side = lattice ? SIDE : 11;
    GramStructure s = structure(lattice, side);
    int fields = 67;
    agree(
        new GaussianLogDensity(s, true),
        List.of(Type.f64(2, s.lags()), Type.f64(fields, s.order())),
        List.of(
            java.util.Arrays.copyOf(covariances(side), 2 * s.lags()),
            s.project(normal(2, fields * s.order()))),
        1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void membersThatAreNotPositiveDefiniteLeaveTheOthersAlone(boolean lattice) {
    GramStructure s = structure(lattice, SIDE);
    Type c = Type.f64(THETA.length, s.lags());
    Type z = Type.f64(1, s.order());
    double[] covariances = covariances(SIDE);
    double[] data = s.project(normal(3, s.order()));
    double[] before =
        run(GPU, new GaussianLogDensity(s, false), List.of(c, z), List.of(covariances, data));
    covariances[s.lags()] = -1; // variance of member 1
    covariances[2 * s.lags() + 1] =
        2; // neighbours of member 2 more alike than the sites themselves
    covariances[4 * s.lags() + 5] = Double.NaN;
    double[] after =
        agree(new GaussianLogDensity(s, false), List.of(c, z), List.of(covariances, data), 1);
    double[] expected = before.clone();
    for (int member : new int[] {1, 2, 4}) {
      expected[member] = Double.NEGATIVE_INFINITY;
    }
    assertThat(after).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsAgree(boolean lattice) {
    GramStructure s = structure(lattice, SIDE);
    Type c = Type.f64(THETA.length, s.lags());
    double[] expected =
        agree(
            new GaussianLogDensity.Gradient(s),
            List.of(c, Type.f64(2, s.order()), Type.f64(THETA.length)),
            List.of(
                covariances(SIDE),
                s.project(normal(4, 2 * s.order())),
                new double[] {1, -2, 0.5, 1, 0, 3}),
            1e4);
    assertThat(expected[4 * s.lags()]).isZero();
  }

  @Test
  void fieldsAgreeAndAreNotANumberWhereThereIsNoFactor() {
    GramStructure s = structure(false, SIDE);
    Type c = Type.f64(THETA.length, s.lags());
    Type z = Type.f64(THETA.length, s.order());
    double[] covariances = covariances(SIDE);
    covariances[3 * s.lags() + 1] = 2;
    double[] field =
        agree(new GaussianField(s), List.of(c, z), List.of(covariances, normal(5, z.size())), 1);
    for (int i = 0; i < field.length; i++) {
      assertThat(Double.isNaN(field[i])).as("element %d", i).isEqualTo(i / s.order() == 3);
    }
  }

  /// A block that stands more often than one group takes right-hand sides.
  @Test
  void blocksWithManyRightHandSidesAreDivided() {
    int[] every = new int[37 * 2];
    java.util.Arrays.setAll(every, i -> i);
    GramStructure s =
        new GramStructure(
            74,
            2,
            List.of(),
            List.of(new GramStructure.Block(2, 37, SparseMap.selection(2, new int[] {0, 1, 0}))),
            SparseMap.selection(74, every));
    Type c = Type.f64(3, 2);
    Type z = Type.f64(3, 74);
    List<double[]> x = List.of(new double[] {1, 0.5, 2, -1, 1, 0.99}, normal(6, 3 * 74));
    agree(new GaussianLogDensity(s, false), List.of(c, z), x, 1);
    agree(new GaussianLogDensity(s, true), List.of(c, z), x, 1);
    agree(
        new GaussianLogDensity.Gradient(s),
        List.of(c, z, Type.f64(3)),
        List.of(x.get(0), x.get(1), new double[] {1, 2, 3}),
        1);
  }
}
