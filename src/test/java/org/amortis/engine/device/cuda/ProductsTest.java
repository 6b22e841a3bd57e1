package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Large matrix products go to the vendor's library, as it wants them.
@Tag("pure")
class ProductsTest {
  /// A library that writes down its calls in the driver's log.
  record Library(FakeCalls calls) implements Products {
    @Override
    public String describe() {
      return Cublas.name(120803);
    }

    @Override
    public int multiply(Product p) {
      return calls.run(
          "launch library %d %b %b %d %d %d %d %d from %d %d %d"
              .formatted(
                  8 * p.real().bytes(),
                  p.transposeA(),
                  p.transposeB(),
                  p.batch(),
                  p.m(),
                  p.n(),
                  p.k(),
                  p.inner(),
                  p.a().from(),
                  p.b().from(),
                  p.c().from()));
    }

    @Override
    public void close() {
      calls.log.add("close library");
    }
  }

  private static FakeCalls run(int m, int k, int n) {
    FakeCalls calls = new FakeCalls();
    calls.products = new Library(calls);
    CudaDevice h100 = new CudaDevice(0, "Fake H100", 90, 132, 80L << 30, 12040);
    try (GpuDevice device = new GpuDevice(new CudaDriver(h100, calls))) {
      assertThat(device.describe()).endsWith("large matrix products by cuBLAS 12.8");
      Trace t = new Trace("products");
      Var x = t.data("x", Type.f32(m, k));
      Var w = t.data("w", Type.f32(k, n));
      Var b = t.data("b", Type.f32(n));
      Var y = t.one(new Dense(Activation.RELU), x, w, b);
      t.output("z", t.one(new MatMul(false, true), y, w));
      try (Executable e = device.bind(t.program())) {
        e.run(3);
      }
    }
    assertThat(calls.log).contains("close library");
    assertThat(calls.alive).isEmpty();
    return calls;
  }

  @Test
  void largeProductsAreTheLibrarysBiasAndActivationFollow() {
    List<String> ran = run(1024, 512, 768).ran;
    assertThat(ran.getFirst())
        .startsWith("launch library 32 false false 1 1024 768 512 512 from 0 0 ");
    // The sums of the second one are in parts: quarters of k, then added.
    for (int p = 0; p < 4; p++) {
      String line = ran.get(2 + p);
      assertThat(line).startsWith("launch library 32 false true 1 1024 512 768 192 from ");
      assertThat(from(line, 0) - from(ran.get(2), 0)).isEqualTo(4L * 192 * p);
      assertThat(from(line, 1)).isEqualTo(4L * 192 * p);
      assertThat(from(line, 2) - from(ran.get(2), 2)).isEqualTo(4L * 1024 * 512 * p);
    }
    assertThat(ran.get(6)).startsWith("launch matmul_add_parts").contains(", 4, 524288, 512, 0, ");
    assertThat(ran.get(1)).startsWith("launch matmul_add_parts").contains(", 1, 786432, 768, 2, ");
    // The result is read and written in place.
    String[] arguments = ran.get(1).replaceAll(".*\\[|\\]", "").split(", ");
    assertThat(arguments[0]).isEqualTo(arguments[4]);
    assertThat(ran).filteredOn(l -> l.startsWith("launch library")).hasSize(15);
    assertThat(ran.size() % 3).isZero();
  }

  private static long from(String line, int operand) {
    return Long.parseLong(line.substring(line.indexOf("from ") + 5).split(" ")[operand]);
  }

  @Test
  void smallProductsStayWithTheOwnKernels() {
    assertThat(run(256, 256, 256).ran).noneMatch(l -> l.startsWith("launch library"));
  }

  @Test
  void rowsOfOneAreColumnsOfTheOther() {
    SplittableRandom random = new SplittableRandom(3);
    int m = 3;
    int n = 4;
    int k = 5;
    double[] a = random.doubles((long) m * k).toArray();
    double[] b = random.doubles((long) k * n).toArray();
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        GemmShape s = GemmShape.of(ta, tb, m, n, k, k);
        double[] c = columnwise(s, b, a);
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int p = 0; p < k; p++) {
              sum += a[ta ? p * m + i : i * k + p] * b[tb ? j * k + p : p * n + j];
            }
            assertThat(c[i * n + j]).isEqualTo(sum);
          }
        }
      }
    }
  }

  /// What the library computes, columns stored one after the other.
  private static double[] columnwise(GemmShape s, double[] first, double[] second) {
    double[] c = new double[s.rows() * s.columns()];
    for (int i = 0; i < s.rows(); i++) {
      for (int j = 0; j < s.columns(); j++) {
        for (int p = 0; p < s.inner(); p++) {
          double x = first[s.firstTransposed() ? i * s.firstLine() + p : p * s.firstLine() + i];
          double y = second[s.secondTransposed() ? p * s.secondLine() + j : j * s.secondLine() + p];
          c[j * s.rows() + i] += x * y;
        }
      }
    }
    return c;
  }

  @Test
  void theChoiceCanBeForced() {
    assertThat(Cublas.candidates(null)).containsExactly("libcublas.so.12", "libcublas.so.13");
    assertThat(Cublas.candidates("auto")).hasSize(2);
    assertThat(Cublas.candidates("13")).containsExactly("libcublas.so.13");
    assertThat(Cublas.candidates("off")).isEmpty();
    assertThatThrownBy(() -> Cublas.candidates("14"))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.USAGE));
  }

  @Test
  void allClassesOfThePackageLoad() throws ClassNotFoundException {
    for (String name :
        List.of(
            "JCudaCalls", "JCublasProducts", "ForeignCublas", "CudaDevices", "RunTimeCompiler")) {
      Class.forName("org.amortis.engine.device.cuda." + name, true, getClass().getClassLoader());
    }
    Cuda.Listing listing = Cuda.list();
    if (listing.devices().isEmpty()) {
      assertThat(listing.missing()).isNotBlank().doesNotContain("\n");
    }
  }
}
