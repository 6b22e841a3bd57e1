package org.amortis.engine.device.cuda.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Small kernels for tests: `k(memory, int)`; `%rd1` is the memory, `%rd3` the thread's word of it,
/// `%rd4` shared memory `s` of 64 words, `%rd5` the thread's word of that, `%r1` the thread, `%r2`
/// the group, `%r19` the second argument.
final class Planted {
  final Memory memory = new Memory();
  final Machine machine = new Machine(memory);

  /// A kernel for sm_80 from its instructions, separated by `; `.
  static Code code(String body) {
    return code(80, "", body);
  }

  static Code code(int target, String directives, String body) {
    String text =
        """
        .version 8.0
        .target sm_%d
        .address_size 64
        .visible .entry k(.param .u64 k_0, .param .u32 k_1)
        %s{
        .reg .pred %%p<9>;
        .reg .b32 %%r<20>;
        .reg .f32 %%f<20>;
        .reg .b64 %%rd<20>;
        .reg .f64 %%fd<20>;
        .shared .align 4 .b8 s[256];
        ld.param.u64 %%rd1, [k_0];
        ld.param.u32 %%r19, [k_1];
        mov.u32 %%r1, %%tid.x;
        mov.u32 %%r2, %%ctaid.x;
        mul.wide.s32 %%rd2, %%r1, 4;
        add.s64 %%rd3, %%rd1, %%rd2;
        mov.u64 %%rd4, s;
        add.s64 %%rd5, %%rd4, %%rd2;
        %s
        }
        """
            .formatted(target, directives, body.replace("; ", ";\n"));
    return Code.of(PtxModule.of(text), "k");
  }

  /// Words of memory after a launch; before it, all were 7.
  int[] run(Code code, int groups, int threads, int words) {
    int[] before = new int[words];
    java.util.Arrays.fill(before, 7);
    return run(code, groups, threads, before);
  }

  /// Words of memory after a launch.
  int[] run(Code code, int groups, int threads, int[] before) {
    int bytes = 4 * before.length;
    ByteBuffer host = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    host.asIntBuffer().put(before);
    Memory.Allocation a = memory.allocate(bytes);
    a.write(0, host, bytes);
    machine.launch(code, new int[] {groups, 1, 1}, new int[] {threads, 1, 1}, a, 0);
    a.read(0, host, bytes);
    int[] found = new int[before.length];
    host.asIntBuffer().get(found);
    return found;
  }
}
