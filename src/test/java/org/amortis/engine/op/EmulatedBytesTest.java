package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.device.cuda.EmulatedCuda;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same kernels as PTX on the emulator and as OpenCL programs on PoCL: the same bytes.
///
/// `FMA`, division, square root and the functions of `kernels/scalar.h` leave nothing to a device.
@Tag("op")
@OnOpenCl
class EmulatedBytesTest {
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void theSameBytesAsOpenCl(DType f) {
    List<String> different = new ArrayList<>();
    try (GpuDevice device = EmulatedCuda.device()) {
      for (OpCase c : OpCases.of(f)) {
        Program p = c.program();
        if (KernelNotes.shipped(p)) {
          List<double[]> cuda = OpCase.run(device, p, c.values());
          List<double[]> opencl = OpCase.run(OnOpenCl.Shared.DEVICE, p, c.values());
          for (int i = 0; i < cuda.size(); i++) {
            if (!Arrays.equals(cuda.get(i), opencl.get(i))) {
              different.add(c + " result " + i);
            }
          }
        }
      }
    }
    assertThat(different).isEmpty();
  }
}
