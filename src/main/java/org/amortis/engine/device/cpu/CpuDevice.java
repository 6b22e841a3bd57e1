package org.amortis.engine.device.cpu;

import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Simplify;
import org.amortis.engine.shape.Type;

/// The embedded device: Vector API kernels and a team of threads. Results do not depend on the
/// number of threads.
public final class CpuDevice implements Device {
  private final Team team;

  /// A device with the given number of threads.
  ///
  /// @throws IllegalArgumentException for fewer than one
  public CpuDevice(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, found " + threads);
    }
    team = new Team(threads);
  }

  @Override
  public String name() {
    return "cpu";
  }

  /// Number of threads.
  public int threads() {
    return team.threads();
  }

  @Override
  public String describe() {
    return "cpu: " + CpuKernels.best().kind() + ", " + team.threads() + " threads";
  }

  @Override
  public Buffer allocate(Type type) {
    return new CpuBuffer(type);
  }

  @Override
  public Executable bind(Program program) {
    return new CpuExecutable(
        Simplify.of(program),
        team,
        Boolean.parseBoolean(System.getProperty("amortis.plan", "true")));
  }

  @Override
  public void close() {
    team.close();
  }
}
