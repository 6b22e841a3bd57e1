package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.Planted.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.amortis.engine.device.cuda.emulator.PtxFault.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Instructions at the values where they are easily wrong, and those of a whole warp.
@Tag("pure")
class InstructionsTest {
  private final Planted planted = new Planted();

  /// Word 0 after one thread: `%r3` is stored.
  private int one(String body) {
    return planted.run(code(body + " st.global.u32 [%rd1], %r3; ret;"), 1, 1, 8)[0];
  }

  private boolean holds(String test) {
    return one(test + " selp.u32 %r3, 1, 0, %p1;") == 1;
  }

  private double wide(String body) {
    int[] w = planted.run(code(body + " st.global.f64 [%rd1], %fd1; ret;"), 1, 1, 8);
    return Double.longBitsToDouble(w[0] & 0xffff_ffffL | (long) w[1] << 32);
  }

  @Test
  void shiftsBeyondTheWidthClamp() {
    assertThat(one("shl.b32 %r3, -1, 32;")).isZero();
    assertThat(one("shr.u32 %r3, -1, 40;")).isZero();
    assertThat(one("shr.s32 %r3, -8, 99;")).isEqualTo(-1);
    assertThat(one("shr.s32 %r3, -8, 1;")).isEqualTo(-4);
    assertThat(one("mov.u64 %rd6, -1; shl.b64 %rd6, %rd6, 64; cvt.u32.u64 %r3, %rd6;")).isZero();
  }

  @Test
  void wholeNumbers() {
    assertThat(one("mul.hi.u32 %r3, -1, -1;")).isEqualTo(-2);
    assertThat(one("mul.hi.s32 %r3, -1, -1;")).isZero();
    assertThat(one("div.s32 %r3, -7, 2;")).isEqualTo(-3);
    assertThat(one("rem.s32 %r3, -7, 2;")).isEqualTo(-1);
    assertThat(one("div.u32 %r3, -2, 2;")).isEqualTo(Integer.MAX_VALUE);
    assertThat(one("max.u32 %r3, -1, 1;")).isEqualTo(-1);
    assertThat(one("bfi.b32 %r3, 255, 0, 8, 4;")).isEqualTo(0xf00);
    assertThat(one("bfi.b32 %r3, 255, 1, 32, 4;")).isEqualTo(1);
    assertThat(one("mul.wide.u32 %rd6, -1, 16; shr.u64 %rd6, %rd6, 32; cvt.u32.u64 %r3, %rd6;"))
        .isEqualTo(15);
    assertThat(one("ld.param.s32 %rd6, [k_1]; sub.s64 %rd6, %rd6, 1; cvt.u32.u64 %r3, %rd6;"))
        .isEqualTo(-1);
  }

  @Test
  void comparisonsWithNaN() {
    String nan = "mov.f32 %f1, 0f7FFFFFFF; mov.f32 %f2, 0f3F800000; ";
    for (String t : new String[] {"eq", "ne", "lt", "le", "gt", "ge", "num"}) {
      assertThat(holds(nan + "setp." + t + ".f32 %p1, %f1, %f2;")).as(t).isFalse();
    }
    for (String t : new String[] {"equ", "neu", "ltu", "leu", "gtu", "geu", "nan"}) {
      assertThat(holds(nan + "setp." + t + ".f32 %p1, %f1, %f2;")).as(t).isTrue();
    }
    assertThat(holds("setp.lt.u32 %p1, 1, -1;")).isTrue();
    assertThat(holds("setp.lt.s32 %p1, 1, -1;")).isFalse();
    assertThat(holds("setp.eq.s32 %p2, 1, 1; setp.lt.and.s32 %p1, 1, 2, !%p2;")).isFalse();
  }

  @Test
  void floatingPoint() {
    assertThat(one("mov.f32 %f1, 0f7F800000; sub.rn.f32 %f2, %f1, %f1; mov.b32 %r3, %f2;"))
        .isEqualTo(0x7fff_ffff);
    // Subnormal results are kept: the least normal number times a half.
    assertThat(one("mul.rn.f32 %f2, 0f00800000, 0f3F000000; mov.b32 %r3, %f2;"))
        .isEqualTo(0x0040_0000);
    assertThat(one("neg.f32 %f2, 0f00000000; mov.b32 %r3, %f2;")).isEqualTo(Integer.MIN_VALUE);
    float x = 1 + 0x1p-12f;
    int bits = Float.floatToRawIntBits(x);
    String operands = "mov.f32 %f1, 0f" + Integer.toHexString(bits) + "; neg.f32 %f3, %f1; ";
    assertThat(one(operands + "fma.rn.f32 %f2, %f1, %f1, %f3; mov.b32 %r3, %f2;"))
        .isEqualTo(Float.floatToRawIntBits(Math.fma(x, x, -x)));
    assertThat(one("cvt.rn.f32.u32 %f2, -1; mov.b32 %r3, %f2;"))
        .isEqualTo(Float.floatToRawIntBits(0x1p32f));
    assertThat(one("cvt.rmi.f32.f32 %f2, 0fBF000000; mov.b32 %r3, %f2;"))
        .isEqualTo(Float.floatToRawIntBits(-1f));
    assertThat(wide("mov.u64 %rd6, -1; cvt.rn.f64.u64 %fd1, %rd6;")).isEqualTo(0x1p64);
    assertThat(wide("mov.u64 %rd6, -1025; cvt.rn.f64.u64 %fd1, %rd6;")).isEqualTo(0x1p64 - 0x1p11);
  }

  @Test
  void conversionsSaturate() {
    assertThat(one("cvt.rzi.s32.f32 %r3, 0fBFC00000;")).isEqualTo(-1);
    assertThat(one("cvt.rzi.s32.f32 %r3, 0f7F800000;")).isEqualTo(Integer.MAX_VALUE);
    assertThat(one("cvt.rzi.s32.f32 %r3, 0f7FFFFFFF;")).isZero();
    assertThat(one("cvt.rzi.s32.f64 %r3, 0d7FFFFFFFFFFFFFFF;")).isEqualTo(Integer.MIN_VALUE);
    assertThat(one("cvt.rna.tf32.f32 %r3, 0f3F801000;")).isEqualTo(0x3f80_2000);
    assertThat(one("cvt.rna.tf32.f32 %r3, 0f3F800FFF;")).isEqualTo(0x3f80_0000);
  }

  @Test
  void genericAddressesReachSharedMemory() {
    assertThat(
            one(
                "cvta.shared.u64 %rd6, %rd4; st.shared.u32 [s+4], 5; ld.u32 %r3, [%rd6+4]; "
                    + "cvta.to.shared.u64 %rd7, %rd6; st.u32 [%rd6], 9; ld.shared.u32 %r4, [%rd7]; add.s32 %r3, %r3, %r4; "))
        .isEqualTo(14);
  }

  private static final String COPY =
      "mov.u32 %r5, s; shl.b32 %r6, %r1, 2; add.s32 %r5, %r5, %r6; "
          + "cp.async.ca.shared.global [%r5], [%rd3], 4, GIVEN; cp.async.commit_group; ";
  private static final String OTHER =
      "xor.b32 %r7, %r1, 33; mul.wide.u32 %rd6, %r7, 4; add.s64 %rd6, %rd4, %rd6; "
          + "ld.shared.u32 %r3, [%rd6]; bar.sync 0; st.global.u32 [%rd3], %r3; ret;";

  @Test
  void copiesAreThereBehindTheirWaitAndABarrier() {
    int[] x = new SplittableRandom(1).ints(64).toArray();
    String all = COPY + "cp.async.wait_group 0; bar.sync 0; " + OTHER;
    int[] found = planted.run(code(all.replace("GIVEN", "4")), 1, 64, x.clone());
    for (int i = 0; i < 64; i++) {
      assertThat(found[i]).isEqualTo(x[i ^ 33]);
    }
  }

  @Test
  void copiesThatAreNotWaitedForAreSeen() {
    String late = COPY + "bar.sync 0; " + OTHER;
    String noBarrier = COPY + "cp.async.wait_group 0; " + OTHER;
    String tooFew = COPY + "cp.async.wait_group 1; bar.sync 0; " + OTHER;
    for (String body : new String[] {late, noBarrier, tooFew}) {
      assertThatThrownBy(() -> planted.run(code(body.replace("GIVEN", "4")), 1, 64, 64))
          .isInstanceOfSatisfying(
              PtxFault.class, f -> assertThat(f.kind()).isIn(Kind.RACE, Kind.UNWRITTEN));
    }
    String none = COPY + "cp.async.wait_all; bar.sync 0; " + OTHER;
    assertThat(planted.run(code(none.replace("GIVEN", "0")), 1, 64, 64)).containsOnly(0);
    assertThatThrownBy(() -> Planted.code(70, "", none)).hasMessageContaining("needs sm_80");
  }

  private static final String PRODUCT =
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f1,%f2,%f3,%f4}, {%r3,%r4,%r5,%r6}, {%r7,%r8}, {%f1,%f2,%f3,%f4}; ";

  /// A 16 x 8 at 0, B 8 x 8 at 128, C 16 x 8 at 192, D over C.
  @Test
  void productsOfAWarp() {
    StringBuilder body = new StringBuilder("shr.u32 %r9, %r1, 2; and.b32 %r10, %r1, 3; ");
    int[] a = {0, 64, 4, 68};
    for (int i = 0; i < 4; i++) {
      body.append("mad.lo.s32 %r11, %r9, 8, %r10; mul.wide.u32 %rd6, %r11, 4; ");
      body.append("add.s64 %rd6, %rd1, %rd6; ");
      body.append("ld.global.u32 %%r%d, [%%rd6+%d]; ".formatted(3 + i, 4 * a[i]));
    }
    body.append("mad.lo.s32 %r11, %r10, 8, %r9; mul.wide.u32 %rd6, %r11, 4; ");
    body.append("add.s64 %rd6, %rd1, %rd6; ");
    body.append("ld.global.u32 %r7, [%rd6+512]; ld.global.u32 %r8, [%rd6+640]; ");
    body.append("shl.b32 %r10, %r10, 1; mad.lo.s32 %r11, %r9, 8, %r10; ");
    body.append("mul.wide.u32 %rd6, %r11, 4; add.s64 %rd6, %rd1, %rd6; ");
    String ends = "";
    int[] c = {192, 193, 256, 257};
    for (int i = 0; i < 4; i++) {
      body.append("ld.global.f32 %%f%d, [%%rd6+%d]; ".formatted(1 + i, 4 * c[i]));
      ends += "st.global.f32 [%%rd6+%d], %%f%d; ".formatted(4 * c[i], 1 + i);
    }
    SplittableRandom random = new SplittableRandom(2);
    int[] before = new int[320];
    for (int i = 0; i < 320; i++) {
      // Small whole numbers: the products are exact, whatever the order.
      before[i] = Float.floatToRawIntBits(random.nextInt(-50, 50));
    }
    // Half of the lanes come later.
    String parted = "setp.lt.s32 %p1, %r1, 16; @%p1 bra $NEXT; mov.u32 %r12, 1; $NEXT: ";
    int[] found = planted.run(code(body + parted + PRODUCT + ends + "ret;"), 1, 32, before.clone());
    for (int i = 0; i < 16; i++) {
      for (int j = 0; j < 8; j++) {
        float sum = Float.intBitsToFloat(before[192 + 8 * i + j]);
        for (int k = 0; k < 8; k++) {
          sum +=
              Float.intBitsToFloat(before[8 * i + k])
                  * Float.intBitsToFloat(before[128 + 8 * k + j]);
        }
        assertThat(Float.intBitsToFloat(found[192 + 8 * i + j])).isEqualTo(sum);
      }
    }
  }

  @Test
  void productsWithoutAllLanesAreSeen() {
    String zero = "mov.u32 %r3, 0; mov.u32 %r4, 0; mov.u32 %r5, 0; mov.u32 %r6, 0; ";
    String some = "setp.lt.s32 %p1, %r1, 16; @%p1 bra $END; " + PRODUCT + "$END: ret;";
    assertThatThrownBy(() -> planted.run(code(zero + some), 1, 32, 8))
        .hasMessageContaining("DIVERGENCE");
    assertThatThrownBy(() -> planted.run(code(zero + PRODUCT + "ret;"), 1, 31, 8))
        .hasMessageContaining("DIVERGENCE");
    assertThatThrownBy(() -> code("@%p1 " + PRODUCT + "ret;")).hasMessageContaining("predicate");
    String full = "mov.f32 %f9, 0f3F800001; mov.b32 %r3, %f9; " + PRODUCT + "ret;";
    assertThatThrownBy(() -> planted.run(code(full), 1, 32, 8)).hasMessageContaining("TF32");
  }

  @Test
  void sumsOfProductsAreCut() {
    double[] terms = {0x1p24, 1, 1, 1, 1};
    assertThat(MatrixProduct.add(terms)).isEqualTo(0x1p24 + 4);
    double[] lost = {0x1p24, 0.49, 0.49, 0.49, 0.49};
    assertThat(MatrixProduct.add(lost)).isEqualTo(0x1p24);
    assertThat(MatrixProduct.add(new double[] {0x1p24, 1, 0, 0, 0})).isEqualTo(0x1p24);
    assertThat(MatrixProduct.add(new double[] {-0x1p24, -1, 0, 0, 0})).isEqualTo(-0x1p24);
    assertThat(MatrixProduct.add(new double[] {Double.NaN, 1, 0, 0, 0})).isNaN();
  }
}
