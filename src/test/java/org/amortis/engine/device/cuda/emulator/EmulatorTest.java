package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.Planted.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.amortis.engine.device.cuda.emulator.PtxFault.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the emulator computes, and a planted bug for everything it must see.
@Tag("pure")
class EmulatorTest {
  private static final int[] ONE = {1, 1, 1};

  private final Planted planted = new Planted();
  private final Memory memory = planted.memory;
  private final Machine machine = planted.machine;

  private int[] run(Code code, int groups, int threads, int words) {
    return planted.run(code, groups, threads, words);
  }

  private void fails(Kind kind, String where, int groups, int threads, String body) {
    assertThatThrownBy(() -> run(code(body), groups, threads, 64))
        .isInstanceOfSatisfying(PtxFault.class, f -> assertThat(f.kind()).isEqualTo(kind))
        .hasMessageContaining(where);
  }

  @Test
  void threadsComputeAndDiverge() {
    String body =
        """
        setp.lt.s32 %p1, %r1, 5; @%p1 bra $LOW;
        mul.lo.s32 %r3, %r1, 10; bra.uni $END;
        $LOW: mad.lo.s32 %r3, %r1, 100, 1;
        $END: @!%p1 add.s32 %r3, %r3, 2;
        st.global.u32 [%rd3], %r3; ret;
        """;
    int[] found = run(code(body), 1, 40, 40);
    for (int i = 0; i < 40; i++) {
      assertThat(found[i]).isEqualTo(i < 5 ? 100 * i + 1 : 10 * i + 2);
    }
  }

  @Test
  void loopsOfDifferentLengthMeetAtTheBarrier() {
    String body =
        """
        mov.u32 %r3, 0; mov.u32 %r4, %r1;
        $LOOP: setp.eq.s32 %p1, %r4, 0; @%p1 bra $DONE;
        add.s32 %r3, %r3, %r4; sub.s32 %r4, %r4, 1; bra.uni $LOOP;
        $DONE: st.shared.u32 [%rd5], %r3; bar.sync 0;
        sub.s32 %r5, 63, %r1; mul.wide.s32 %rd6, %r5, 4; add.s64 %rd7, %rd4, %rd6;
        ld.shared.u32 %r6, [%rd7]; st.global.u32 [%rd3], %r6; ret;
        """;
    int[] found = run(code(body), 1, 64, 64);
    for (int i = 0; i < 64; i++) {
      assertThat(found[i]).isEqualTo((63 - i) * (64 - i) / 2);
    }
  }

  @Test
  void whatIsNotKnownIsNamed() {
    assertThatThrownBy(() -> code("sin.approx.f32 %f1, %f2; ret;"))
        .hasMessageContaining("sin.approx.f32 %f1, %f2")
        .hasMessageContaining("unknown instruction");
    assertThatThrownBy(() -> code("add.s32 %r1, %r2, %rd3; ret;")).hasMessageContaining("%rd3");
    assertThatThrownBy(() -> code("ld.global.u8 %r1, [%rd1]; ret;"))
        .hasMessageContaining("ld.global.u8");
    assertThatThrownBy(() -> Planted.code(80, ".noreturn\n", "ret;"))
        .hasMessageContaining(".noreturn");
    assertThatThrownBy(() -> code("add.s32 %r1, %r2, %r77; ret;")).hasMessageContaining("%r77");
  }

  @Test
  void addressesOutsideAnAllocationAreSeen() {
    fails(Kind.BOUNDS, "st.global.u32 [%rd1+256]", 1, 1, "st.global.u32 [%rd1+256], %r1; ret;");
    fails(Kind.BOUNDS, "[%rd1+-4]", 1, 1, "ld.global.u32 %r3, [%rd1+-4]; ret;");
    fails(Kind.BOUNDS, "thread (64,0,0)", 1, 65, "st.global.u32 [%rd3], %r1; ret;");
    fails(Kind.BOUNDS, "no allocation", 1, 1, "st.global.u32 [%rd2], %r1; ret;");
    fails(Kind.BOUNDS, "shared address", 1, 1, "st.shared.u32 [%rd4+256], %r1; ret;");
    fails(Kind.BOUNDS, "shared address", 1, 1, "st.shared.u32 [%rd4+-4], %r1; ret;");
  }

  @Test
  void memoryThatWasFreedIsSeen() {
    Memory.Allocation a = memory.allocate(64);
    memory.free(a);
    memory.allocate(64);
    assertThatThrownBy(
            () -> machine.launch(code("st.global.u32 [%rd1], %r1; ret;"), ONE, ONE, a, 0))
        .hasMessageContaining("freed");
  }

  @Test
  void misalignedAccessIsSeen() {
    fails(Kind.ALIGNMENT, "2 of", 1, 1, "ld.global.u32 %r3, [%rd1+2]; ret;");
    fails(Kind.ALIGNMENT, "8 bytes", 1, 1, "ld.global.f64 %fd1, [%rd1+4]; ret;");
    fails(Kind.ALIGNMENT, "16 bytes", 1, 1, "ld.global.v4.f32 {%f1,%f2,%f3,%f4}, [%rd1+8]; ret;");
    fails(Kind.ALIGNMENT, "8 bytes", 1, 1, "st.shared.v2.f32 [s], {%f1, %f2}; ret;");
  }

  @Test
  void readingWhatNobodyWroteIsSeen() {
    fails(Kind.UNWRITTEN, "shared", 1, 1, "ld.shared.u32 %r3, [s+8]; ret;");
    Code read = code("ld.global.u32 %r3, [%rd1+8]; ret;");
    Memory.Allocation a = memory.allocate(64);
    a.fill(0, 0, 2);
    assertThatThrownBy(() -> machine.launch(read, ONE, ONE, a, 0))
        .isInstanceOfSatisfying(
            PtxFault.class, f -> assertThat(f.kind()).isEqualTo(Kind.UNWRITTEN));
    a.fill(8, 0, 1);
    machine.launch(read, ONE, ONE, a, 0);
    a.fresh(64);
    assertThatThrownBy(() -> machine.launch(read, ONE, ONE, a, 0)).hasMessageContaining("never");
  }

  @Test
  void racesOnSharedMemoryAreSeen() {
    fails(Kind.RACE, "st.shared.u32 [s]", 1, 2, "st.shared.u32 [s], 1; ret;");
    fails(Kind.RACE, "st.shared.u32 [s]", 1, 64, "st.shared.u32 [s], 1; ret;");
    String unguarded =
        "st.shared.u32 [%rd5], %r1; setp.eq.s32 %p1, %r1, 3; @%p1 ret; ld.shared.u32 %r3, [%rd5+4]; ret;";
    fails(Kind.RACE, "read here, written", 1, 4, unguarded);
    // Read, then written by another thread in the same warp, and in another one.
    String after =
        "st.shared.u32 [%rd5], %r1; bar.sync 0; ld.shared.u32 %r3, [s]; setp.ne.s32 %p1, %r1, THREAD; @%p1 ret; st.shared.u32 [s], 9; ret;";
    fails(Kind.RACE, "written here, read", 1, 64, after.replace("THREAD", "1"));
    fails(Kind.RACE, "", 1, 64, after.replace("THREAD", "40"));
    String between = after.replace("setp.ne", "bar.sync 0; setp.ne");
    run(code(between.replace("THREAD", "1")), 1, 64, 64);
    run(code(between.replace("THREAD", "40")), 1, 64, 64);
  }

  @Test
  void racesOnDeviceMemoryAreSeen() {
    fails(Kind.RACE, "written here, written", 1, 2, "st.global.u32 [%rd1], 1; ret;");
    fails(Kind.RACE, "written here, written", 2, 1, "st.global.u32 [%rd1], 1; ret;");
    // A barrier is for one group only.
    fails(
        Kind.RACE,
        "",
        2,
        1,
        "setp.eq.s32 %p1, %r2, 0; @%p1 st.global.u32 [%rd1], 1; bar.sync 0; ld.global.u32 %r3, [%rd1]; ret;");
    String one =
        "setp.eq.s32 %p1, %r1, 0; @%p1 st.global.u32 [%rd1], 1; bar.sync 0; ld.global.u32 %r3, [%rd1]; ret;";
    run(code(one), 1, 64, 64);
    fails(Kind.RACE, "", 1, 64, one.replace("bar.sync 0;", ""));
    // Two groups read, then one of them writes.
    fails(
        Kind.RACE,
        "written here, read",
        5,
        1,
        "ld.global.u32 %r3, [%rd1]; setp.eq.s32 %p1, %r2, 3; @%p1 st.global.u32 [%rd1], 1; ret;");
  }

  @Test
  void barriersThatAreNotReachedByAllAreSeen() {
    String some = "setp.lt.s32 %p1, %r1, AT; @%p1 bra $END; bar.sync 0; $END: ret;";
    fails(Kind.DIVERGENCE, "has ended", 1, 64, some.replace("AT", "3"));
    fails(Kind.DIVERGENCE, "has ended", 1, 64, some.replace("AT", "32"));
    String two =
        "setp.lt.s32 %p1, %r1, AT; @%p1 bra $B; bar.sync 0; bra.uni $END; $B: bar.sync 0; $END: ret;";
    fails(Kind.DIVERGENCE, "waits here", 1, 64, two.replace("AT", "3"));
    fails(Kind.DIVERGENCE, "waits here", 1, 64, two.replace("AT", "32"));
  }

  @Test
  void launchesThatDoNotFitAreSeen() {
    Memory.Allocation a = memory.allocate(64);
    Code exact = Planted.code(80, ".reqntid 32, 1, 1\n", "ret;");
    machine.launch(exact, ONE, new int[] {32, 1, 1}, a, 0);
    refused(exact, 31, ".reqntid", a, 0);
    Code most = Planted.code(80, ".maxntid 64, 1, 1\n", "ret;");
    machine.launch(most, ONE, new int[] {32, 2, 1}, a, 0);
    refused(most, 65, ".maxntid", a, 0);
    Code any = code("ret;");
    refused(any, 1025, "threads", a, 0);
    refused(any, 1, "1 arguments for 2 parameters", a);
    refused(any, 1, "argument 1", a, 0.5f);
    refused(any, 1, "argument 0", 1, 0);
    refused(any, 1, "argument 1", a, a);
    Code large = code(".shared .align 4 .b8 t[48896]; ret;");
    machine.launch(large, ONE, ONE, a, 0);
    refused(code(".shared .align 4 .b8 t[48900]; ret;"), 1, "shared memory", a, 0);
  }

  private void refused(Code code, int threads, String why, Object... arguments) {
    assertThatThrownBy(() -> machine.launch(code, ONE, new int[] {threads, 1, 1}, arguments))
        .isInstanceOfSatisfying(PtxFault.class, f -> assertThat(f.kind()).isEqualTo(Kind.LAUNCH))
        .hasMessageContaining(why);
  }

  @Test
  void launchesOfAGraphThatDoNotWaitAreSeen() {
    Memory.Allocation a = memory.allocate(64);
    a.fill(0, 1, 16);
    Code write = code("st.global.u32 [%rd1], 3; ret;");
    Code read = code("ld.global.u32 %r3, [%rd1]; ret;");
    for (boolean waits : new boolean[] {true, false}) {
      for (Code[] pair : new Code[][] {{write, read}, {read, write}, {write, write}}) {
        machine.beginGraph(2);
        BitSet before = new BitSet();
        machine.after(before);
        machine.launch(pair[0], ONE, ONE, a, 0);
        before.set(0, waits);
        if (waits) {
          machine.launch(pair[1], ONE, ONE, a, 0);
        } else {
          assertThatThrownBy(() -> machine.launch(pair[1], ONE, ONE, a, 0))
              .hasMessageContaining("RACE")
              .hasMessageContaining("does not wait");
        }
        machine.endGraph();
      }
    }
    machine.launch(write, ONE, ONE, a, 0);
  }

  @Test
  void launchesThatTouchWhatTheyDoNotDeclareAreSeen() {
    Memory.Allocation a = memory.allocate(64);
    a.fill(0, 1, 16);
    Code copy = code("ld.global.u32 %r3, [%rd1+8]; st.global.u32 [%rd1+16], %r3; ret;");
    Memory.Part in = new Memory.Part(a, 8, 12, false);
    machine.launch(copy, ONE, ONE, List.of(in, new Memory.Part(a, 16, 20, true)), a, 0);
    for (Memory.Part out :
        List.of(new Memory.Part(a, 12, 16, true), new Memory.Part(a, 16, 20, false))) {
      assertThatThrownBy(() -> machine.launch(copy, ONE, ONE, List.of(in, out), a, 0))
          .hasMessageContaining("does not declare");
    }
    machine.launch(copy, ONE, ONE, a, 0);
  }

  @Test
  void everyInstructionOfTheShippedModulesIsKnown() throws IOException {
    int modules = 0;
    try (Stream<Path> files = Files.list(Path.of("..", "native", "ptx"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".ptx")).toList()) {
        for (String text : Files.readString(file).split("(?m)^(?=\\.version)")) {
          PtxModule module = PtxModule.of(text);
          for (String entry : module.entries().keySet()) {
            assertThat(Code.of(module, entry).name()).isEqualTo(entry);
            modules++;
          }
        }
      }
    }
    assertThat(modules).isGreaterThan(400);
  }
}
