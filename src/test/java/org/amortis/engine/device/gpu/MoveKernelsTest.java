package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.OpCase;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sums over equal indices that lie in several parts of the list.
@Tag("op")
@OnOpenCl
class MoveKernelsTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 3", "255, 4, 2", "256, 300, 1", "257, 1, 5", "1000, 7, 3", "1000, 2000, 2"})
  void theSameBitsAsOnCpu(int batch, int rows, int width) {
    SplittableRandom random = new SplittableRandom(batch);
    double[] index = new double[batch];
    double[] x = new double[batch * width];
    double[] whole = new double[x.length];
    for (int b = 0; b < batch; b++) {
      index[b] = random.nextInt(rows);
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
      whole[i] = random.nextInt();
    }
    for (DType dtype : DType.values()) {
      Type t = new Type(dtype, Shape.of(batch, width));
      Program p =
          new OpCase("", new Move.Scatter(rows), List.of(t, Type.i32(batch)), List.of(), List.of())
              .program();
      List<double[]> in = List.of(dtype.isFloat() ? x : whole, index);
      double[] found = OpCase.run(OnOpenCl.Shared.DEVICE, p, in).getFirst();
      try (Device cpu = new CpuDevice(1)) {
        assertThat(found).as(t.toString()).isEqualTo(OpCase.run(cpu, p, in).getFirst());
      }
    }
  }
}
