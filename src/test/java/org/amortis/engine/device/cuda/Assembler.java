package org.amortis.engine.device.cuda;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/// NVIDIA's assembler from PTX to machine code, which needs no GPU.
final class Assembler {
  private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
  private static final Pattern STACK =
      Pattern.compile(
          "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  private Assembler() {}

  /// What it says of one kernel.
  ///
  /// @param registers of a thread
  /// @param stack bytes of local memory of a thread
  /// @param spills bytes of spill stores and loads
  /// @param shared bytes of shared memory of a block
  record Found(int registers, int stack, int spills, int shared) {}

  /// Assembles a module for `sm_80`, `sm_90`, ...
  ///
  /// @throws IllegalStateException with its log when it does not assemble
  static Found assemble(String ptx, String architecture) {
    JNvPTXCompiler.setExceptionsEnabled(false);
    byte[] text = (ptx + "\0").getBytes(StandardCharsets.US_ASCII);
    nvPTXCompilerHandle handle = new nvPTXCompilerHandle();
    JNvPTXCompiler.nvPTXCompilerCreate(handle, text.length, text);
    try {
      String[] options = {"--gpu-name=" + architecture, "--verbose"};
      int status = JNvPTXCompiler.nvPTXCompilerCompile(handle, options.length, options);
      long[] size = new long[1];
      if (status != 0) {
        JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(handle, size);
        byte[] log = new byte[(int) size[0] + 1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLog(handle, log);
        throw new IllegalStateException(new String(log, StandardCharsets.UTF_8).strip());
      }
      JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(handle, size);
      byte[] log = new byte[(int) size[0] + 1];
      JNvPTXCompiler.nvPTXCompilerGetInfoLog(handle, log);
      String info = new String(log, StandardCharsets.UTF_8);
      return new Found(
          number(REGISTERS, 1, info),
          number(STACK, 1, info),
          number(STACK, 2, info) + number(STACK, 3, info),
          number(SHARED, 1, info));
    } finally {
      JNvPTXCompiler.nvPTXCompilerDestroy(handle);
    }
  }

  private static int number(Pattern pattern, int group, String text) {
    Matcher m = pattern.matcher(text);
    return m.find() ? Integer.parseInt(m.group(group)) : 0;
  }
}
