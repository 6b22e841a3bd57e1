package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who computes matrix products, by the word of the user, the device and the libraries there are.
@Tag("pure")
class ProductChoiceTest {
  private static final String TENSOR = "launch tensor_product";
  private static final String LIBRARY = "launch library";
  private static final String OWN = "launch matmul_tiled";

  private static CudaDriver driver(FakeCalls calls, int capability, String wish) {
    CudaDevice fake = new CudaDevice(0, "Fake", capability, 132, 80L << 30, 12040);
    return new CudaDriver(fake, calls, false, ProductChoice.of(wish));
  }

  /// What a product of `(batch, m, k)` and `(batch, k, n)` launches.
  private static List<String> ran(
      String wish, boolean library, DType real, int batch, int m, int k, int n) {
    FakeCalls calls = new FakeCalls();
    calls.products = library ? new ProductsTest.Library(calls) : null;
    try (GpuDevice device = new GpuDevice(driver(calls, 80, wish))) {
      Trace t = new Trace("product");
      Var x = t.data("x", new Type(real, Shape.of(batch, m, k)));
      Var y = t.data("y", new Type(real, Shape.of(batch, k, n)));
      t.output("z", t.one(new MatMul(false, false), x, y));
      try (Executable e = device.bind(t.program())) {
        e.run();
      }
    }
    assertThat(calls.alive).isEmpty();
    return calls.ran;
  }

  private static void goes(String wish, boolean library, DType real, int size, String to) {
    assertThat(ran(wish, library, real, 1, size, size, size).getFirst())
        .as("%s, library %s, %s, %d", wish, library, real, size)
        .startsWith(to);
  }

  @Test
  void theWordSaysWhoComputes() {
    for (DType real : List.of(DType.FLOAT32, DType.FLOAT64)) {
      goes(null, true, real, 512, LIBRARY);
      goes("auto", false, real, 512, OWN);
      goes("cublas", true, real, 512, LIBRARY);
      goes("own", true, real, 512, OWN);
      goes("cublas", true, real, 64, OWN);
      goes("cublas:all", true, real, 64, LIBRARY);
    }
    for (String wish : List.of("tf32x3", "tf32")) {
      goes(wish, true, DType.FLOAT32, 512, TENSOR);
      goes(wish, false, DType.FLOAT32, 512, TENSOR);
      goes(wish, true, DType.FLOAT64, 512, LIBRARY);
      goes(wish, false, DType.FLOAT64, 512, OWN);
      goes(wish, true, DType.FLOAT32, 64, OWN);
      goes(wish + ":all", true, DType.FLOAT32, 64, TENSOR);
    }
  }

  /// A batch counts as a whole; tiles for few columns stay with the kernel that has them.
  @Test
  void whatTensorCoresTakeIsDecidedByWorkAndTiles() {
    assertThat(ran("tf32x3", true, DType.FLOAT32, 64, 128, 128, 128).getFirst()).startsWith(TENSOR);
    assertThat(ran("auto", true, DType.FLOAT32, 64, 128, 128, 128).getFirst()).startsWith(OWN);
    assertThat(ran("tf32x3", true, DType.FLOAT32, 1, 1 << 16, 512, 8).getFirst()).startsWith(OWN);
  }

  /// Large tiles where there is one for each multiprocessor; parts of k stay those of the plan.
  @Test
  void geometryFollowsTheExtents() {
    assertThat(ran("tf32x3", true, DType.FLOAT32, 1, 2048, 512, 2048).getFirst())
        .startsWith(TENSOR + " 256x1x1 of 256x1x1");
    assertThat(ran("tf32x3", true, DType.FLOAT32, 1, 700, 512, 700).getFirst())
        .contains(" of 128x1x1");
    List<String> parts = ran("tf32x3", true, DType.FLOAT32, 1, 64, 1 << 15, 64);
    assertThat(parts.getFirst()).startsWith(TENSOR);
    assertThat(parts.get(1)).startsWith("launch matmul_add_parts");
  }

  @Test
  void theDeviceSaysWho() {
    FakeCalls calls = new FakeCalls();
    calls.products = new ProductsTest.Library(calls);
    try (CudaDriver d = driver(calls, 90, "tf32x3")) {
      assertThat(d.describe())
          .endsWith(
              "large matrix products by own kernels on tensor cores (3xTF32), in float64 by cuBLAS 12.8");
    }
    try (CudaDriver d = driver(calls, 90, "own:all")) {
      assertThat(d.describe()).endsWith("all tiled matrix products by own kernels");
    }
  }

  @Test
  void whatIsNotThereIsOneClearFailure() {
    fails(90, "cublas", Failure.Kind.UNAVAILABLE, "cuBLAS");
    fails(75, "tf32x3", Failure.Kind.UNAVAILABLE, "compute capability 7.5");
    fails(90, "tensor", Failure.Kind.USAGE, "AMORTIS_PRODUCTS is 'tensor'");
  }

  private static void fails(int capability, String wish, Failure.Kind kind, String what) {
    FakeCalls calls = new FakeCalls();
    assertThatThrownBy(() -> driver(calls, capability, wish))
        .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.kind()).isEqualTo(kind))
        .hasMessageContaining(what);
    assertThat(calls.alive).isEmpty();
  }
}
