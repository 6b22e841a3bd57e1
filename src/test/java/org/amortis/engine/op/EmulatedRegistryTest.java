package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.amortis.engine.device.cuda.EmulatedCuda;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Every case of [OpCases] on the `cuda` device, its shipped PTX executed by the emulator, against
/// the oracle; and again, blocks in another order and as few of them as may be, for the same bytes.
///
/// Cases whose kernels are not shipped (other bins of splines, other rows of filters) are left out.
@Tag("op")
class EmulatedRegistryTest {
  private static final ReferenceDevice REFERENCE = new ReferenceDevice();
  private static final EmulatedCuda DRIVER = EmulatedCuda.open(90);
  private static final GpuDevice DEVICE = new GpuDevice(DRIVER);
  private static int done;

  /// When all cases have run, every entry point has.
  @AfterAll
  static void everyEntryPointRan() throws IOException {
    DEVICE.close();
    if (done < 4) {
      return;
    }
    Set<String> ran = new HashSet<>(DRIVER.ran());
    Set<String> written = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("../kernels"))) {
      for (Path p : files.filter(p -> p.toString().endsWith(".c")).toList()) {
        String family = p.getFileName().toString().replace(".c", "");
        // Families of one dialect run where the driver puts them: on demand.
        if (KernelSource.of(family).dialects().size() > 1) {
          written.addAll(KernelSource.of(family).entries().keySet());
        }
      }
    }
    assertThat(ran).containsAll(written);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void kernelsMeetTheOracleWithTheSameBytesByFewGroups(DType f) {
    List<String> wrong = new ArrayList<>();
    int left = 0;
    List<OpCase> cases = OpCases.of(f);
    for (OpCase c : cases) {
      Program p = c.program();
      if (KernelNotes.shipped(p)) {
        check(DRIVER, DEVICE, c, p, Tolerance.onGpu(c.op()), wrong);
      } else {
        left++;
      }
    }
    assertThat(wrong).isEmpty();
    done++;
    assertThat(left).as("cases left out").isLessThan(cases.size() / 50);
  }

  /// Products of float32 meet the oracle on tensor cores, too, within the same tolerance: three
  /// products of TF32 for one; with operands of TF32 within its own.
  @ParameterizedTest
  @CsvSource({"tf32x3:all, 32", "tf32:all, 16384"})
  void productsOnTensorCoresMeetTheOracle(String products, double largest) {
    List<String> wrong = new ArrayList<>();
    EmulatedCuda driver = EmulatedCuda.open(products);
    try (GpuDevice device = new GpuDevice(driver)) {
      for (OpCase c : OpCases.of(DType.FLOAT32)) {
        if (c.op() instanceof MatMul || c.op() instanceof Dense) {
          check(driver, device, c, c.program(), new Tolerance(0, largest), wrong);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(driver.ran()).contains("tensor_product").doesNotContain("matmul_tiled");
  }

  private static void check(
      EmulatedCuda driver,
      GpuDevice device,
      OpCase c,
      Program p,
      Tolerance tolerance,
      List<String> wrong) {
    try {
      List<double[]> expected = OpCase.run(REFERENCE, p, c.values());
      List<double[]> found = OpCase.run(device, p, c.values());
      driver.few(true);
      List<double[]> again = OpCase.run(device, p, c.values());
      List<Program.Value> outputs = new ArrayList<>(p.outputs().values());
      for (int i = 0; i < found.size(); i++) {
        tolerance.check(c + " result " + i, p.type(outputs.get(i)), found.get(i), expected.get(i));
        assertThat(again.get(i)).as("%s again", c).isEqualTo(found.get(i));
      }
    } catch (RuntimeException | AssertionError e) {
      wrong.add(c + ": " + e.getMessage());
    } finally {
      driver.few(false);
    }
  }

  @Test
  void gradientProgramsMeetTheOracle() {
    List<String> wrong = new ArrayList<>();
    for (OpCase c : OpCases.of(DType.FLOAT64)) {
      Program p = c.wrt().isEmpty() ? null : c.gradient();
      if (p != null && KernelNotes.shipped(p)) {
        check(DRIVER, DEVICE, c, p, Tolerance.ofGradient(c.op()), wrong);
      }
    }
    assertThat(wrong).isEmpty();
    done++;
  }

  @Test
  void chainsOfManyStepsMeetTheOracle() {
    for (ChainPrograms.Case c : ChainPrograms.of(DType.FLOAT64)) {
      Map<String, double[]> expected = c.run(REFERENCE, 6);
      Map<String, double[]> found = c.run(DEVICE, 6);
      expected.forEach((label, values) ->
          new Tolerance(4096, 4096)
              .check(
                  c.label() + ", " + label,
                  c.program().inputs().get(label).types().getFirst(),
                  found.get(label),
                  values));
    }
    done++;
  }
}
