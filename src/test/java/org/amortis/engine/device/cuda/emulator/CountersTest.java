package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.Planted.code;
import static org.assertj.core.api.Assertions.assertThat;

import org.amortis.engine.device.cuda.emulator.Counters.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Counts of kernels for which they are known.
@Tag("pure")
class CountersTest {
  private static Counters count(String body, int groups, int threads, int words) {
    Planted planted = new Planted();
    Counters c = new Counters();
    planted.machine.count(c);
    planted.run(code(body), groups, threads, words);
    return c;
  }

  private static Counters read(String type, int stride) {
    String at =
        "mul.lo.s32 %%r3, %%r1, %d; mul.wide.s32 %%rd6, %%r3, 4; add.s64 %%rd7, %%rd1, %%rd6; "
            .formatted(stride);
    String to = type.startsWith("v4") ? "{%f1,%f2,%f3,%f4}" : type.equals("f64") ? "%fd1" : "%f1";
    return count(at + "ld.global." + type + " " + to + ", [%rd7]; ret;", 1, 32, 1024);
  }

  @Test
  void sectorsOfGlobalAccesses() {
    assertThat(read("f32", 1).sectors()).isEqualTo(4);
    assertThat(read("f32", 1).used()).isEqualTo(1);
    assertThat(read("f32", 2).sectors()).isEqualTo(8);
    assertThat(read("f32", 8).sectors()).isEqualTo(32);
    assertThat(read("f32", 8).used()).isEqualTo(0.125);
    assertThat(read("f32", 0).sectors()).isEqualTo(1);
    assertThat(read("f32", 0).used()).isEqualTo(4);
    assertThat(read("f64", 2).sectors()).isEqualTo(8);
    assertThat(read("v4.f32", 4).sectors()).isEqualTo(16);
  }

  /// All 32 threads write a word of `t` at a stride, in words.
  private static Counters write(String type, int stride) {
    String at =
        ".shared .align 16 .b8 t[16384]; mov.u64 %%rd8, t; mul.lo.s32 %%r3, %%r1, %d; "
                .formatted(stride)
            + "mul.wide.s32 %rd6, %r3, 4; add.s64 %rd7, %rd8, %rd6; ";
    String what = type.startsWith("v4") ? "{%f1,%f2,%f3,%f4}" : type.equals("f64") ? "%fd1" : "%f1";
    return count(at + "st.shared." + type + " [%rd7], " + what + "; ret;", 1, 32, 8);
  }

  @Test
  void wavefrontsOfSharedAccesses() {
    assertThat(write("f32", 1).wavefronts()).isEqualTo(1);
    assertThat(write("f32", 2).wavefronts()).isEqualTo(2);
    assertThat(write("f32", 33).wavefronts()).isEqualTo(1);
    assertThat(write("f32", 32).wavefronts()).isEqualTo(32);
    assertThat(write("f32", 32).conflicts()).isEqualTo(32);
    assertThat(write("f64", 2).wavefronts()).isEqualTo(2);
    assertThat(write("f64", 2).conflicts()).isEqualTo(1);
    assertThat(write("v4.f32", 4).wavefronts()).isEqualTo(4);
    assertThat(write("v4.f32", 8).conflicts()).isEqualTo(2);
  }

  /// All 32 threads load four words each of what they wrote, from the place of thread `of`.
  private static long loaded(String of) {
    String at =
        ".shared .align 16 .b8 t[16384]; mov.u64 %rd8, t; mul.wide.s32 %rd6, %r1, 16; "
            + "add.s64 %rd7, %rd8, %rd6; st.shared.v4.f32 [%rd7], {%f1,%f2,%f3,%f4}; bar.sync 0; ";
    String load =
        " mul.wide.s32 %rd6, %r3, 16; add.s64 %rd7, %rd8, %rd6; ld.shared.v4.f32 {%f1,%f2,%f3,%f4}, [%rd7]; ret;";
    return count(at + of + load, 1, 32, 8).wavefronts() - 4;
  }

  @Test
  void lanesThatShareAddressesGoTogether() {
    assertThat(loaded("mov.u32 %r3, %r1;")).isEqualTo(4);
    assertThat(loaded("shr.u32 %r3, %r1, 1;")).isEqualTo(2);
    assertThat(
            loaded(
                "shr.u32 %r4, %r1, 2; shl.b32 %r4, %r4, 1; and.b32 %r5, %r1, 1; or.b32 %r3, %r4, %r5;"))
        .isEqualTo(2);
    assertThat(loaded("shr.u32 %r3, %r1, 3;")).isEqualTo(2);
    assertThat(loaded("and.b32 %r3, %r1, 7;")).isEqualTo(4);
  }

  @Test
  void instructionsByClass() {
    String body =
        "setp.lt.s32 %p1, %r1, 8; @!%p1 bra $END; fma.rn.f32 %f1, %f2, %f3, %f4; "
            + "add.rn.f64 %fd1, %fd2, %fd3; $END: bar.sync 0; ret;";
    Counters c = count(body, 3, 48, 8);
    assertThat(c.launches()).isEqualTo(1);
    assertThat(c.warps(Kind.FMA32)).isEqualTo(3);
    assertThat(c.warps(Kind.FLOAT64)).isEqualTo(3);
    assertThat(c.warps(Kind.WAIT)).isEqualTo(6);
    assertThat(c.lanes()).isBetween(20.0, 25.0);
  }
}
