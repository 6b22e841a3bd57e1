package org.amortis.engine.device.cpu.scalar;

import java.util.Arrays;
import java.util.Objects;
import org.amortis.engine.device.cpu.Epilogue32;
import org.amortis.engine.device.cpu.MatMulKernels32;
import org.amortis.engine.device.cpu.Scratch32;
import org.amortis.engine.op.Activation;

/// Matrix products in plain Java: the same chains of fused multiply-adds as the vector kernels, so
/// the same bits.
public final class ScalarMatMul32 implements MatMulKernels32 {
  @Override
  public void multiply(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      float[] c,
      int cOff,
      int ldc,
      Epilogue32 epilogue,
      int rowFrom,
      int rowTo,
      int colFrom,
      int colTo,
      Scratch32 scratch) {
    Objects.checkFromToIndex(rowFrom, rowTo, m);
    Objects.checkFromToIndex(colFrom, colTo, n);
    int rowStep = transA ? 1 : lda;
    int innerStep = transA ? lda : 1;
    for (int i = rowFrom; i < rowTo; i++) {
      int row = cOff + i * ldc;
      int left = aOff + i * rowStep;
      if (!epilogue.accumulate()) {
        Arrays.fill(c, row + colFrom, row + colTo, 0f);
      }
      if (transB) {
        for (int j = colFrom; j < colTo; j++) {
          int right = bOff + j * ldb;
          float sum = c[row + j];
          for (int p = 0; p < k; p++) {
            sum = Math.fma(a[left + p * innerStep], b[right + p], sum);
          }
          c[row + j] = sum;
        }
      } else {
        for (int p = 0; p < k; p++) {
          float factor = a[left + p * innerStep];
          int right = bOff + p * ldb;
          for (int j = colFrom; j < colTo; j++) {
            c[row + j] = Math.fma(factor, b[right + j], c[row + j]);
          }
        }
      }
      finish(c, row, colFrom, colTo, epilogue);
    }
  }

  private static void finish(float[] c, int row, int colFrom, int colTo, Epilogue32 epilogue) {
    float[] bias = epilogue.bias();
    if (bias != null) {
      for (int j = colFrom; j < colTo; j++) {
        c[row + j] += bias[epilogue.biasOffset() + j];
      }
    }
    if (epilogue.activation() != Activation.Kind.NONE) {
      boolean leaky = epilogue.activation() == Activation.Kind.LEAKY_RELU;
      for (int j = row + colFrom; j < row + colTo; j++) {
        if (c[j] < 0f) {
          c[j] = leaky ? epilogue.slope() * c[j] : 0f;
        }
      }
    }
  }
}
