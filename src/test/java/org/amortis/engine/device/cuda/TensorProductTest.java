package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/// The shipped PTX of products on tensor cores, executed by the emulator: against sums in double,
/// for all forms, with planted bugs.
@Tag("pure")
class TensorProductTest {
  /// Operands, bias, and how they are multiplied.
  ///
  /// @param shift elements by which operands begin behind a multiple of 16 bytes
  private record Case(
      boolean ta,
      boolean tb,
      int batch,
      int m,
      int n,
      int k,
      int depth,
      int epilogue,
      int shift,
      float[] a,
      float[] b,
      float[] bias) {
    static Case of(int form, int m, int n, int k) {
      SplittableRandom random = new SplittableRandom(m * 31L + n * 7L + k);
      IntToDoubleFunction normal = i -> random.nextGaussian();
      return of(form, 1, m, n, k, k, 0, 0, normal);
    }

    static Case of(
        int form,
        int batch,
        int m,
        int n,
        int k,
        int depth,
        int epilogue,
        int shift,
        IntToDoubleFunction values) {
      return new Case(
          form / 2 == 1,
          form % 2 == 1,
          batch,
          m,
          n,
          k,
          depth,
          epilogue,
          shift,
          floats(batch * m * k, values),
          floats(batch * k * n, values),
          floats(n, values));
    }

    private static float[] floats(int n, IntToDoubleFunction values) {
      float[] v = new float[n];
      for (int i = 0; i < n; i++) {
        v[i] = (float) values.applyAsDouble(i);
      }
      return v;
    }

    int parts() {
      return (k - 1) / depth + 1;
    }

    double left(int batch, int row, int p) {
      return a[batch * m * k + (ta ? p * m + row : row * k + p)];
    }

    double right(int batch, int p, int column) {
      return b[batch * k * n + (tb ? column * k + p : p * n + column)];
    }

    String key(int terms, int tile) {
      return Ptx.key(
          Kernel.of("tensor_product", DType.FLOAT32)
              .define("TERMS", terms)
              .define("TILE", tile)
              .define("TRANSPOSE_A", ta ? 1 : 0)
              .define("TRANSPOSE_B", tb ? 1 : 0));
    }

    float[] run(int terms, int tile) {
      return run(tile, Ptx.modules("tensor", 80).get(key(terms, tile)));
    }

    float[] run(int tile, String ptx) {
      return run(tile, ptx, new Counters());
    }

    float[] run(int tile, String ptx, Counters counters) {
      Memory memory = new Memory();
      float[] c = new float[parts() * batch * m * n];
      Memory.Allocation result = memory.allocate(4 * c.length);
      int groups = parts() * batch * ((m - 1) / tile + 1) * ((n - 1) / tile + 1);
      Machine machine = new Machine(memory);
      machine.count(counters);
      machine.launch(
          Code.of(PtxModule.of(ptx), "tensor_product"),
          new int[] {groups, 1, 1},
          new int[] {2 * tile, 1, 1},
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

    /// The largest error, in units of 2^-24 times the sum of the products' sizes.
    double worst(float[] c) {
      double worst = 0;
      for (int i = 0; i < c.length; i++) {
        int part = i / (batch * m * n);
        int item = i / (m * n) % batch;
        int row = i / n % m;
        int column = i % n;
        double sum = 0;
        double size = 0;
        for (int p = part * depth; p < Math.min(k, (part + 1) * depth); p++) {
          double product = left(item, row, p) * right(item, p, column);
          sum += product;
          size += Math.abs(product);
        }
        if (epilogue > 0) {
          sum += bias[column];
          size += Math.abs(bias[column]);
        }
        sum = epilogue == 2 && sum <= 0 ? 0 : epilogue == 3 && sum <= 0 ? 0.25 * sum : sum;
        worst = Math.max(worst, Math.abs(c[i] - sum) / size * 0x1p24);
      }
      return worst;
    }
  }

  /// Bounds of the errors: what is left out of the products (12 units), one unit for each sum of
  /// eight that is added, and cuts of the tensor cores' own sums.
  private static double bound(int terms, int k) {
    return terms == 3 ? 20 + k / 8.0 : 0x1p14 + 2 * k;
  }

  private static void check(Case c) {
    for (int terms : new int[] {3, 1}) {
      float[] small = c.run(terms, 64);
      assertThat(c.worst(small)).isLessThan(bound(terms, c.depth));
      assertThat(c.run(terms, 128)).as("the tile makes no difference").isEqualTo(small);
    }
  }

  @Test
  void allFormsAndSizesMeetTheSums() {
    for (int form = 0; form < 4; form++) {
      check(Case.of(form, 64, 64, 32));
      check(Case.of(form, 65, 3, 17));
      check(Case.of(form, 132, 70, 36));
    }
  }

  @Test
  void batchesPartsAndWhatFollows() {
    SplittableRandom random = new SplittableRandom(2);
    for (int form = 0; form < 4; form++) {
      check(Case.of(form, 2, 33, 40, 52, 24, 0, 0, i -> random.nextDouble(-1, 1)));
      check(Case.of(form, 1, 40, 36, 24, 24, 1 + form % 3, 0, i -> random.nextDouble(-1, 1)));
    }
    // Operands that begin at odd places, and more rows of tiles than a band has.
    check(Case.of(1, 1, 24, 20, 16, 16, 0, 3, i -> random.nextGaussian()));
    Case tall = Case.of(0, 64 * 9 + 1, 66, 8);
    assertThat(tall.worst(tall.run(3, 64))).isLessThan(bound(3, 8));
  }

  /// Sums of one sign, where cutting instead of rounding would show: 512 sums of eight, the error
  /// stays that of a few roundings.
  @Test
  void longSumsOfOneSignDoNotDrift() {
    SplittableRandom random = new SplittableRandom(5);
    Case c = Case.of(1, 1, 8, 8, 4096, 4096, 0, 0, i -> random.nextDouble(0.5, 1));
    assertThat(c.worst(c.run(3, 64))).isLessThan(20);
    double[] plain = new double[c.m * c.n];
    for (int i = 0; i < plain.length; i++) {
      float sum = 0;
      for (int p = 0; p < c.k; p++) {
        sum = Math.fma((float) c.left(0, i / c.n, p), (float) c.right(0, p, i % c.n), sum);
      }
      plain[i] = sum;
    }
    float[] single = new float[plain.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) plain[i];
    }
    assertThat(c.worst(c.run(3, 64))).isLessThan(2 * c.worst(single) + 8);
    assertThat(c.worst(c.run(1, 64))).isGreaterThan(100);
  }

  /// Loads and stores of shared memory meet no bank twice, and of the products of matrices there
  /// are as many as the terms say.
  @Test
  void theTextHasNoConflictsOfBanks() {
    for (int form = 0; form < 4; form++) {
      for (int tile : new int[] {64, 128}) {
        for (int terms : new int[] {3, 1}) {
          Case c = Case.of(form, 64, 64, 32);
          Counters counters = new Counters();
          c.run(tile, Ptx.modules("tensor", 80).get(c.key(terms, tile)), counters);
          assertThat(counters.conflicts()).as("form %d, tile %d", form, tile).isEqualTo(1.0);
          assertThat(counters.warps(Counters.Kind.MATRIX))
              .isEqualTo(terms * (32 / 8) * (tile / 16) * (tile / 8L));
        }
      }
    }
  }

  /// What is no number, infinite or too large for TF32 gives what fused multiply-adds give.
  @Test
  void specialNumbersAreThoseOfFloat32() {
    float[] odd = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, 0, -0f, 1, -2
    };
    for (int form = 0; form < 4; form++) {
      SplittableRandom random = new SplittableRandom(form);
      Case c =
          Case.of(
              form,
              1,
              40,
              24,
              20,
              20,
              1,
              0,
              i -> random.nextInt(200) == 0 ? odd[random.nextInt(4)] : odd[4 + i % 4]);
      for (int terms : new int[] {3, 1}) {
        float[] found = c.run(terms, 64);
        int special = 0;
        for (int i = 0; i < found.length; i++) {
          float sum = 0;
          for (int p = 0; p < c.k; p++) {
            sum = Math.fma((float) c.left(0, i / c.n, p), (float) c.right(0, p, i % c.n), sum);
          }
          sum += c.bias[i % c.n];
          special += Float.isFinite(sum) ? 0 : 1;
          assertThat((Float) found[i]).as("form %d, result %d", form, i).isEqualTo((Float) sum);
        }
        assertThat(special).isBetween(50, found.length - 50);
      }
    }
  }

  /// Small parts of tiny operands lie below the least normal number: the error has a floor.
  @Test
  void tinyOperandsKeepTheFloorOfTheErrors() {
    SplittableRandom random = new SplittableRandom(9);
    Case c = Case.of(0, 1, 16, 16, 16, 16, 0, 0, i -> random.nextGaussian());
    for (int i = 0; i < c.a.length; i++) {
      c.a[i] *= 0x1p-120f;
      c.b[i] *= 0x1p100f;
    }
    float[] found = c.run(3, 64);
    double worst = 0;
    for (int i = 0; i < found.length; i++) {
      double sum = 0;
      double size = 0;
      for (int p = 0; p < c.k; p++) {
        sum += c.left(0, i / c.n, p) * c.right(0, p, i % c.n);
        size += Math.abs(c.right(0, p, i % c.n));
      }
      worst = Math.max(worst, Math.abs(found[i] - sum) / (0x1p-126 * size));
    }
    assertThat(worst).isLessThan(1);
  }

  private static String first(String text, String from, String to) {
    int at = text.indexOf(from);
    assertThat(at).as(from).isPositive();
    return text.substring(0, at) + to + text.substring(at + from.length());
  }

  /// A bug planted in the text must end in a fault or in results outside the bound.
  private static void planted(Case c, String name, UnaryOperator<String> bug) {
    String text = Ptx.modules("tensor", 80).get(c.key(3, 64));
    String wrong = bug.apply(text);
    assertThat(wrong).isNotEqualTo(text);
    try {
      assertThat(c.worst(c.run(64, wrong))).as(name).isGreaterThan(bound(3, c.k));
    } catch (PtxFault f) {
      assertThat(f.kind()).as(name).isIn(PtxFault.Kind.RACE, PtxFault.Kind.UNWRITTEN);
    }
  }

  @Test
  void plantedBugsAreSeen() {
    Case c = Case.of(0, 64, 64, 100);
    assertThat(c.worst(c.run(3, 64))).isLessThan(bound(3, c.k));
    planted(c, "no wait", t -> first(t, "cp.async.wait_group 2;", ""));
    planted(
        c, "a wait too short", t -> first(t, "cp.async.wait_group 2;", "cp.async.wait_group 3;"));
    planted(c, "no barrier", t -> first(t, "bar.sync \t0;", ""));
    planted(
        c,
        "no zeros behind the end",
        t -> t.replaceAll("selp.b32 \t(%r\\d+), 16, 0, %p\\d+;", "mov.u32 \t$1, 16;"));
    List<String> products =
        new ArrayList<>(t(c).lines().filter(l -> l.contains("mma.sync")).toList());
    for (int i = 0; i < 3; i++) {
      String line = products.get(i);
      planted(c, "product " + i + " left out", t -> first(t, line, ""));
      planted(c, "fragments of product " + i, t -> first(t, line, swapped(line)));
    }
  }

  private static String t(Case c) {
    return Ptx.modules("tensor", 80).get(c.key(3, 64));
  }

  /// The second and the third register of A change places.
  private static String swapped(String line) {
    String[] lists = line.split("\\{");
    String[] a = lists[2].split(", ", -1);
    String other = a[1];
    a[1] = a[2];
    a[2] = other;
    lists[2] = String.join(", ", a);
    return String.join("{", lists);
  }

  @Test
  void everyLaunchIsOfAKernelThatIsBuilt() {
    Map<String, String> built = Ptx.modules("tensor", 80);
    assertThat(KernelVariants.of("tensor").stream().map(Ptx::key)).allMatch(built::containsKey);
    for (int form = 0; form < 4; form++) {
      for (int terms : new int[] {3, 1}) {
        for (int tile : new int[] {64, 128}) {
          assertThat(built).containsKey(Case.of(form, 1, 1, 1).key(terms, tile));
        }
      }
    }
    Kernel tensor = KernelVariants.of("tensor").getFirst();
    assertThatThrownBy(() -> Ptx.of(tensor, 75)).hasMessageContaining("7.5");
  }
}
