package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of [OpCases] on the OpenCL device, against the oracle.
@Tag("op")
@OnOpenCl
class OpenClRegistryTest {
  private static final Device REFERENCE = new ReferenceDevice();
  private static final List<OpCase> CASES =
      Stream.of(DType.FLOAT32, DType.FLOAT64).flatMap(f -> OpCases.of(f).stream()).toList();
  private static final List<OpCase> SMOOTH =
      OpCases.of(DType.FLOAT64).stream().filter(c -> !c.wrt().isEmpty()).toList();

  static List<OpCase> cases() {
    return CASES;
  }

  static List<OpCase> smooth() {
    return SMOOTH;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kernelsMeetTheOracleWithTheSameBytesEachTime(OpCase c) {
    Program p = c.program();
    check(c, p, Tolerance.onGpu(c.op()));
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void gradientProgramsMeetTheOracle(OpCase c) {
    check(c, c.gradient(), Tolerance.ofGradient(c.op()));
  }

  private static void check(OpCase c, Program p, Tolerance tolerance) {
    List<double[]> expected = OpCase.run(REFERENCE, p, c.values());
    List<double[]> found = OpCase.run(OnOpenCl.Shared.DEVICE, p, c.values());
    List<double[]> again = OpCase.run(OnOpenCl.Shared.DEVICE, p, c.values());
    List<Program.Value> outputs = new ArrayList<>(p.outputs().values());
    for (int i = 0; i < found.size(); i++) {
      tolerance.check(c + " result " + i, p.type(outputs.get(i)), found.get(i), expected.get(i));
      assertThat(again.get(i)).as("%s again", c).isEqualTo(found.get(i));
    }
  }
}
