package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import org.amortis.engine.device.cuda.emulator.Code;
import org.amortis.engine.device.cuda.emulator.Counters;
import org.amortis.engine.device.cuda.emulator.Machine;
import org.amortis.engine.device.cuda.emulator.Memory;
import org.amortis.engine.device.cuda.emulator.PtxFault;
import org.amortis.engine.device.cuda.emulator.PtxModule;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelVariants;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The shipped PTX of products whose tiles are copied ahead, executed by the emulator: the bytes of
/// fused multiply-adds in ascending order, for all forms, with planted bugs.
@Tag("pure")
class StagedProductTest {
  private static final int TILE = 128;

  /// @param form 2 with the first operand transposed, plus 1 with the second
  /// @param shift elements by which operands begin behind a multiple of 16 bytes
  private record Case(
      int form, int batch, int m, int n, int k, int depth, int epilogue, int shift) {

    float[] operand(int size, int seed, IntToDoubleFunction values) {
      float[] v = new float[size];
      for (int i = 0; i < size; i++) {
        v[i] = (float) values.applyAsDouble(i + seed);
      }
      return v;
    }

    static IntToDoubleFunction normal() {
      SplittableRandom random = new SplittableRandom(4);
      return i -> random.nextGaussian();
    }

    int parts() {
      return (k - 1) / depth + 1;
    }

    String text() {
      return Ptx.modules("staged", 80)
          .get(
              Ptx.key(
                  Kernel.of("staged_product", DType.FLOAT32)
                      .define("TRANSPOSE_A", form / 2)
                      .define("TRANSPOSE_B", form % 2)));
    }

    void check() {
      check(text(), normal(), new Counters());
    }

    /// Every result is that of the same multiply-adds one after the other, zeros up to a multiple
    /// of eight depths included.
    void check(String ptx, IntToDoubleFunction values, Counters counters) {
      float[] a = operand(batch * m * k, 1, values);
      float[] b = operand(batch * k * n, 2, values);
      float[] bias = operand(n, 3, values);
      float[] c = run(ptx, a, b, bias, counters);
      for (int i = 0; i < c.length; i++) {
        int part = i / (batch * m * n);
        int item = i / (m * n) % batch;
        int row = i / n % m;
        int column = i % n;
        int end = Math.min(k, (part + 1) * depth);
        float sum = 0;
        for (int p = part * depth; p < end; p++) {
          float x = a[item * m * k + (form / 2 == 1 ? p * m + row : row * k + p)];
          float y = b[item * k * n + (form % 2 == 1 ? column * k + p : p * n + column)];
          sum = Math.fma(x, y, sum);
        }
        sum = (end - part * depth) % 8 == 0 ? sum : sum + 0f;
        sum = epilogue > 0 ? sum + bias[column] : sum;
        sum = epilogue == 2 && sum <= 0 ? 0 : epilogue == 3 && sum <= 0 ? 0.25f * sum : sum;
        assertThat(Float.floatToIntBits(c[i]))
            .as("%s, result %d", this, i)
            .isEqualTo(Float.floatToIntBits(sum));
      }
    }

    private float[] run(String ptx, float[] a, float[] b, float[] bias, Counters counters) {
      Memory memory = new Memory();
      float[] c = new float[parts() * batch * m * n];
      Memory.Allocation result = memory.allocate(4 * c.length);
      int groups = parts() * batch * ((m - 1) / TILE + 1) * ((n - 1) / TILE + 1);
      Machine machine = new Machine(memory);
      machine.count(counters);
      machine.launch(
          Code.of(PtxModule.of(ptx), "staged_product"),
          new int[] {groups, 1, 1},
          new int[] {256, 1, 1},
          with(memory, a, shift),
          shift,
          with(memory, b, shift),
          shift,
          with(memory, bias, 0),
          0,
          result,
          0,
          batch,
          m,
          n,
          k,
          depth,
          epilogue,
          0.25f);
      ByteBuffer out = ByteBuffer.allocate(4 * c.length).order(ByteOrder.nativeOrder());
      result.read(0, out, 4 * c.length);
      out.asFloatBuffer().get(c);
      return c;
    }

    /// Memory with nothing that was written before and behind the values.
    private static Memory.Allocation with(Memory memory, float[] v, int shift) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * v.length).order(ByteOrder.nativeOrder());
      bytes.asFloatBuffer().put(v);
      Memory.Allocation a = memory.allocate(4 * (shift + v.length));
      a.write(4L * shift, bytes, 4 * v.length);
      return a;
    }
  }

  @Test
  void everyFormHasTheBytesOfMultiplyAddsInOrder() {
    for (int form = 0; form < 4; form++) {
      new Case(form, 1, 128, 128, 48, 48, 0, 0).check();
      new Case(form, 1, 132, 70, 21, 21, 1 + form % 3, 0).check();
      new Case(form, 1, 128, 256, 40, 40, 0, 3).check();
    }
  }

  @Test
  void batchesPartsAndBands() {
    new Case(0, 2, 130, 12, 56, 24, 0, 0).check();
    new Case(3, 1, 16, 140, 52, 24, 0, 0).check();
    new Case(1, 1, 128 * 17, 4, 8, 8, 0, 0).check();
  }

  /// Products that vanish leave a sum of -0, which zeros behind the last depths would change; what
  /// is no number or infinite stays so.
  @Test
  void specialNumbersAndSignsOfZero() {
    float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, -0x1p-100f, 0x1p-100f, -0f, 1};
    SplittableRandom random = new SplittableRandom(8);
    IntToDoubleFunction values =
        i -> random.nextInt(300) == 0 ? odd[random.nextInt(2)] : odd[2 + random.nextInt(4)];
    for (int k : new int[] {8, 16, 20, 24}) {
      Case c = new Case(k % 3, 1, 128, 128, k, k, 0, 0);
      c.check(c.text(), values, new Counters());
    }
  }

  /// Copies and loads of whole tiles meet no bank twice, loads take two wavefronts each, and of a
  /// step's instructions few are not multiply-adds.
  @Test
  void whatAStepIsMadeOf() {
    for (int form = 0; form < 4; form++) {
      long[] all = new long[2];
      long[] sums = new long[2];
      long[] shared = new long[2];
      for (int size = 0; size < 2; size++) {
        Counters counters = new Counters();
        Case c = new Case(form, 1, 128, 128, 32 + 64 * size, 32 + 64 * size, 0, 0);
        c.check(c.text(), Case.normal(), counters);
        assertThat(counters.conflicts()).as("form %d", form).isEqualTo(1.0);
        all[size] = counters.all();
        sums[size] = counters.warps(Counters.Kind.FMA32);
        shared[size] = counters.wavefronts();
      }
      assertThat(sums[1] - sums[0]).isEqualTo(8 * 64 * 64);
      assertThat(shared[1] - shared[0]).isEqualTo(8 * 4 * (64 * 2 + 2 * 8));
      assertThat((double) (sums[1] - sums[0]) / (all[1] - all[0])).isGreaterThan(0.85);
    }
  }

  private static String first(String text, String from, String to) {
    int at = text.indexOf(from);
    assertThat(at).as(from).isPositive();
    return text.substring(0, at) + to + text.substring(at + from.length());
  }

  /// A bug planted in the text ends in a fault or in other results.
  private static void planted(Case c, String name, UnaryOperator<String> bug) {
    String wrong = bug.apply(c.text());
    assertThat(wrong).as(name).isNotEqualTo(c.text());
    boolean seen = false;
    try {
      c.check(wrong, Case.normal(), new Counters());
    } catch (PtxFault f) {
      assertThat(f.kind()).as(name).isIn(PtxFault.Kind.RACE, PtxFault.Kind.UNWRITTEN);
      seen = true;
    } catch (AssertionError e) {
      seen = true;
    }
    assertThat(seen).as(name).isTrue();
  }

  @Test
  void plantedBugsAreSeen() {
    Case c = new Case(0, 1, 128, 128, 52, 52, 0, 0);
    c.check();
    planted(c, "no wait", t -> first(t, "cp.async.wait_group 0;", ""));
    planted(c, "no wait in the loop", t -> last(t, "cp.async.wait_group 0;", 1));
    planted(c, "no barrier", t -> first(t, "bar.sync \t0;", ""));
    planted(c, "no barrier in the loop", t -> last(t, "bar.sync \t0;", 0));
    planted(
        c,
        "no zeros behind the end",
        t -> t.replaceAll("selp.b32 \t(%r\\d+), 4, 0, %p\\d+;", "mov.u32 \t$1, 4;"));
  }

  /// Without the last but `skip` of what the text says several times.
  private static String last(String text, String what, int skip) {
    int at = text.length();
    for (int i = 0; i <= skip; i++) {
      at = text.lastIndexOf(what, at - 1);
    }
    assertThat(at).as(what).isPositive();
    return text.substring(0, at) + text.substring(at + what.length());
  }

  @Test
  void everyLaunchIsOfAKernelThatIsBuilt() {
    assertThat(KernelVariants.of("staged")).hasSize(4);
    assertThat(KernelVariants.of("staged").stream().map(Ptx::key))
        .allMatch(Ptx.modules("staged", 80)::containsKey);
  }
}
