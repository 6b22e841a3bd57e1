package org.amortis.engine.device.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.KernelCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;

/// Every kernel under Oclgrind, which executes kernels item by item and reports races, reads of
/// memory that nobody wrote, and accesses out of bounds.
///
/// Null: no finding, in one or two small cases of every op and element type.
/// `validation/oclgrind.sh` runs the larger set (`-Damortis.oclgrind=all`). Two planted faults must
/// be found. Without Oclgrind nothing runs, unless the run says `AMORTIS_REQUIRE=oclgrind`.
@Tag("opencl")
@ExtendWith(OclgrindTest.Installed.class)
class OclgrindTest {
  private static final Path LIBRARY = Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so");

  @TempDir Path folder;

  /// Looks for the library.
  static final class Installed implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (Files.exists(LIBRARY)) {
        return ConditionEvaluationResult.enabled("Oclgrind is there");
      }
      if (OnOpenCl.Condition.required("oclgrind")) {
        throw new IllegalStateException("this run requires " + LIBRARY);
      }
      return ConditionEvaluationResult.disabled("no " + LIBRARY);
    }
  }

  @Test
  void noKernelRacesOrReadsWhatNobodyWrote() throws IOException, InterruptedException {
    boolean all = System.getProperty("amortis.oclgrind", "").equals("all");
    Path log = folder.resolve("findings");
    String out = check(log, all ? List.of("400", "4") : List.of("120", "1"));
    assertThat(out).contains("Oclgrind Simulator").containsPattern("\\d{3} cases of [6-9]\\d ops");
    assertThat(log).hasContent("");
  }

  @Test
  void plantedFaultsAreFound() throws IOException, InterruptedException {
    Path log = folder.resolve("findings");
    assertThat(check(log, List.of("planted"))).contains("2 planted");
    assertThat(Files.readString(log))
        .containsPattern("race.*\\n\\s*Kernel: planted_race|planted_race")
        .contains("data race")
        .contains("uninitialized")
        .contains("planted_unwritten");
  }

  /// Runs [KernelCheck] with Oclgrind as the only OpenCL platform; returns what it printed.
  private String check(Path log, List<String> arguments) throws IOException, InterruptedException {
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    Files.writeString(vendors.resolve("oclgrind.icd"), LIBRARY + "\n");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KernelCheck.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("OCL_ICD_VENDORS", vendors.toString());
    environment.put("OCLGRIND_DATA_RACES", "1");
    environment.put("OCLGRIND_UNINITIALIZED", "1");
    environment.put("OCLGRIND_LOG", log.toString());
    // Oclgrind 21.10 does not know the instruction `freeze`, which optimisation brings.
    environment.put("OCLGRIND_BUILD_OPTIONS", "-cl-opt-disable");
    environment.put("AMORTIS_CACHE", folder.resolve("cache").toString());
    Path errors = folder.resolve("errors");
    Process process = builder.redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s%s", out, Files.readString(errors)).isZero();
    return out;
  }
}
