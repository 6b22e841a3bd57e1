package org.amortis.nn.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.math.Spline;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.laws.BijectionLaws;
import org.amortis.nn.Initializer;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.TracedNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every bijection obeys the laws in 1, 2, 3 and 5 dimensions, with and without context, at random
/// parameters.
@Tag("flow")
class FlowLawsTest {
  private static final int CONTEXT = 2;
  private static final double[] CONTEXT_VALUES = {0.7, -1.2};

  /// A bijection of p columns with `context` features.
  private interface Family {
    Bijection of(int p, int context);
  }

  private static final Map<String, Family> ALL = new LinkedHashMap<>();

  static {
    Spline spline = Spline.of(5, 3);
    Conditioner small = Conditioner.mlp(7);
    ALL.put("spline coupling, even", (p, c) -> new SplineCoupling(spline, small, true));
    ALL.put("spline coupling, odd", (p, c) -> new SplineCoupling(spline, small, false, 0.4));
    ALL.put("affine coupling, even", (p, c) -> new AffineCoupling(small, true));
    ALL.put("affine coupling, odd", (p, c) -> new AffineCoupling(0.5, small, false));
    ALL.put("permutation, reverse", (p, c) -> Permutation.reverse(p));
    ALL.put("permutation, random", (p, c) -> Permutation.random(p, 3));
    ALL.put("act norm", (p, c) -> new ActNorm());
    ALL.put("act norm of data", (p, c) -> ActNorm.standardising(ramp(p, 0.3), ramp(p, 0.8)));
    ALL.put("standardise", (p, c) -> Standardise.of(new SplittableRandomPoints(p).values(), p));
    ALL.put("logit", (p, c) -> new Logit());
    ALL.put("LU linear", (p, c) -> new LuLinear());
    ALL.put("composition", (p, c) -> new Composition(List.of(new ActNorm(), new LuLinear())));
    ALL.put("spline flow", (p, c) -> Flows.spline(p, 4, 8, 6, 4));
    ALL.put("affine flow", (p, c) -> Flows.affine(p, 4, 8));
    ALL.put("sbi nsf", Flows::sbiNsf);
  }

  /// Eleven points of p columns.
  private record SplittableRandomPoints(int p) {
    double[] values() {
      return new SplittableRandom(p).doubles(11L * p, -1, 2).toArray();
    }
  }

  private static double[] ramp(int p, double from) {
    double[] r = new double[p];
    for (int i = 0; i < p; i++) {
      r[i] = from + 0.1 * i;
    }
    return r;
  }

  record Case(String name, int p, boolean context, Bijection bijection) {
    @Override
    public String toString() {
      return name + ", p = " + p + (context ? ", context" : "");
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    ALL.forEach((name, family) -> {
      for (int p : new int[] {1, 2, 3, 5}) {
        for (boolean context : new boolean[] {false, true}) {
          cases.add(new Case(name, p, context, family.of(p, context ? CONTEXT : 0)));
        }
      }
    });
    return cases;
  }

  private static final Device REFERENCE = new ReferenceDevice();

  /// A network file names its architecture by its description, which another run must repeat.
  @ParameterizedTest
  @MethodSource("cases")
  void theDescriptionIsTheSameInEveryRun(Case c) {
    assertThat(c.bijection.toString()).doesNotContain("Lambda");
  }

  /// One direction of a bijection on `rows` points that share a context.
  private static TracedNetwork trace(Device device, Case c, int rows, boolean inverse) {
    Map<String, Shape> inputs = new LinkedHashMap<>();
    inputs.put("x", Shape.of(rows, c.p));
    if (c.context) {
      inputs.put("context", Shape.of(1, CONTEXT));
    }
    TracedNetwork.Body forward =
        (scope, in) -> named(c.bijection.forward(scope, in.get("x"), in.get("context")));
    TracedNetwork.Body back =
        (scope, in) -> named(c.bijection.inverse(scope, in.get("x"), in.get("context")));
    // Parameters lie where the forward map declares them.
    ParameterLayout layout = TracedNetwork.layout(inputs, forward);
    TracedNetwork t =
        TracedNetwork.of(device, false, layout, inputs, null, inverse ? back : forward);
    // Wide layers get less noise, so that all flows are about equally far from their start.
    double sd = t.layout().size() > 3000 ? 0.1 : 0.25;
    return t.set("parameters", t.randomParameters(c.p, sd)).set("context", CONTEXT_VALUES);
  }

  private static Map<String, Var> named(Bijection.Mapped m) {
    return Map.of("y", m.value(), "ladj", m.ladj());
  }

  private static BijectionLaws laws(Case c, TracedNetwork forward, TracedNetwork inverse) {
    return new BijectionLaws(
        c.p,
        x -> forward.set("x", x).run().get("y"),
        y -> inverse.set("x", y).run().get("y"),
        x -> forward.set("x", x).run().get("ladj")[0]);
  }

  private static List<double[]> points(int p, int n) {
    SplittableRandom random = new SplittableRandom(10 + p);
    return Stream.generate(() -> Stream.generate(random::nextGaussian).limit(p))
        .limit(n)
        .map(s -> s.mapToDouble(v -> 1.5 * v).toArray())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void obeysTheLaws(Case c) {
    try (TracedNetwork forward = trace(REFERENCE, c, 1, false);
        TracedNetwork inverse = trace(REFERENCE, c, 1, true)) {
      BijectionLaws laws = laws(c, forward, inverse);
      List<double[]> points = points(c.p, 6);
      laws.inverseUndoesForward(points, 1e-8);
      laws.ladjIsTheLogDeterminant(points, 1e-6, 2e-5);
      for (double[] x : points) {
        forward.set("x", x).run();
        inverse.set("x", forward.get("y")).run();
        assertThat(inverse.get("ladj")[0]).isCloseTo(-forward.get("ladj")[0], within(1e-8));
      }
    }
  }

  /// Batches, whose rows share a context row, give what single points give; on the cpu device.
  @ParameterizedTest
  @MethodSource("cases")
  void batchesOnCpuAgreeWithSinglePoints(Case c) {
    List<double[]> points = points(c.p, 6);
    try (Device cpu = new CpuDevice(1);
        TracedNetwork single = trace(REFERENCE, c, 1, false);
        TracedNetwork batch = trace(cpu, c, 6, false);
        TracedNetwork back = trace(cpu, c, 6, true)) {
      double[] all = points.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
      batch.set("x", all).run();
      back.set("x", batch.get("y")).run();
      assertThat(back.get("y")).containsExactly(all, within(1e-8));
      for (int i = 0; i < 6; i++) {
        single.set("x", points.get(i)).run();
        assertThat(batch.get("ladj")[i]).isCloseTo(single.get("ladj")[0], within(1e-10));
      }
    }
  }

  static List<Case> integrable() {
    return cases().stream().filter(c -> c.p <= 2 && c.context == (c.p == 2)).toList();
  }

  @ParameterizedTest
  @MethodSource("integrable")
  void densityIntegratesToOne(Case c) {
    int cells = c.p == 1 ? 4000 : 300;
    double reach = 14;
    int n = c.p == 1 ? cells : cells * cells;
    int chunk = c.p == 1 ? 1000 : 3000;
    double width = 2 * reach / cells;
    double[] x = new double[chunk * c.p];
    double sum = 0;
    try (Device cpu = new CpuDevice(1);
        TracedNetwork forward = trace(cpu, c, chunk, false)) {
      for (int from = 0; from < n; from += chunk) {
        for (int i = 0; i < chunk; i++) {
          for (int j = 0, rest = from + i; j < c.p; j++, rest /= cells) {
            x[i * c.p + j] = -reach + (rest % cells + 0.5) * width;
          }
        }
        sum += mass(c.p, forward.set("x", x).run());
      }
    }
    assertThat(sum * StrictMath.pow(width, c.p)).isCloseTo(1, within(2e-3));
  }

  /// The sum of the densities of the points of the last run.
  private static double mass(int p, TracedNetwork forward) {
    double[] y = forward.get("y");
    double[] ladj = forward.get("ladj");
    double sum = 0;
    for (int i = 0; i < ladj.length; i++) {
      double log = ladj[i];
      for (int j = 0; j < p; j++) {
        log -= 0.5 * y[i * p + j] * y[i * p + j] + 0.5 * StrictMath.log(2 * StrictMath.PI);
      }
      sum += StrictMath.exp(log);
    }
    return sum;
  }

  @Test
  void theListNamesEveryBijection() {
    Set<String> found =
        new ClassFileImporter()
            .importPackages("org.amortis.nn.flow").stream()
                .filter(k -> k.isAssignableTo(Bijection.class) && !k.isInterface())
                .map(JavaClass::getSimpleName)
                .filter(k -> !k.isEmpty() && !k.equals("WrongSign"))
                .collect(Collectors.toSet());
    Set<String> listed = new HashSet<>();
    for (Case c : cases()) {
      listed.add(c.bijection.getClass().getSimpleName());
    }
    assertThat(found).isNotEmpty();
    assertThat(listed).containsAll(found);
  }

  /// A scale by exp(a) whose ladj has the wrong sign.
  private record WrongSign() implements Bijection {
    @Override
    public Mapped forward(Scope scope, Var x, Var context) {
      Var a = scope.parameter("a", new Initializer.Constant(0.3), 1);
      return new Mapped(x.mul(a.exp()), a.sum().neg().broadcast(x.dim(0)));
    }

    @Override
    public Mapped inverse(Scope scope, Var latent, Var context) {
      Var a = scope.parameter("a", new Initializer.Constant(0.3), 1);
      return new Mapped(latent.mul(a.neg().exp()), a.sum().broadcast(latent.dim(0)));
    }
  }

  @Test
  void aWrongSignOfTheLadjIsCaught() {
    Case c = new Case("wrong", 1, false, new WrongSign());
    try (TracedNetwork forward = trace(REFERENCE, c, 1, false);
        TracedNetwork inverse = trace(REFERENCE, c, 1, true)) {
      BijectionLaws laws = laws(c, forward, inverse);
      laws.inverseUndoesForward(points(1, 3), 1e-10);
      assertThatThrownBy(() -> laws.ladjIsTheLogDeterminant(points(1, 3), 1e-6, 1e-4))
          .isInstanceOf(AssertionError.class);
    }
    assertThatThrownBy(() -> densityIntegratesToOne(c)).isInstanceOf(AssertionError.class);
  }

  @Test
  void sbiNsfHasItsParameters() {
    IntFunction<Integer> count =
        p -> {
          try (TracedNetwork t = trace(REFERENCE, new Case("", p, true, sbi(p)), 1, false)) {
            return t.layout().size();
          }
        };
    assertThat(count.apply(2)).isEqualTo(60_925);
    // Two context features: 150 + 2,550 + 1,479 a step.
    assertThat(count.apply(1)).isEqualTo(5 * 4_179);
  }

  private static Bijection sbi(int p) {
    return Flows.sbiNsf(p, CONTEXT);
  }

  @Test
  void freshFlowsAreTheIdentityUpToPermutations() {
    for (int p : new int[] {1, 2}) {
      Case c = new Case("", p, true, Flows.spline(p, 4, 8, 6, 4));
      try (TracedNetwork t = trace(REFERENCE, c, 1, false)) {
        double[] x = points(p, 1).getFirst();
        t.set("parameters", t.layout().initial(1)).set("x", x).run();
        assertThat(t.get("y")).containsExactly(x, within(1e-12));
        assertThat(t.get("ladj")[0]).isCloseTo(0, within(1e-12));
      }
    }
  }
}
