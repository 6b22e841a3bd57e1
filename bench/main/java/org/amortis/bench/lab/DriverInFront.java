package org.amortis.bench.lab;

import java.nio.ByteBuffer;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Joining;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;

/// A driver that hands everything to the one behind it.
class DriverInFront implements Driver {
  final Driver real;

  DriverInFront(Driver real) {
    this.real = real;
  }

  @Override
  public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    return real.prepare(kernel, grid, arguments);
  }

  @Override
  public Memory allocate(long bytes) {
    return real.allocate(bytes);
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String describe() {
    return real.describe();
  }

  @Override
  public boolean float64() {
    return real.float64();
  }

  @Override
  public Joining joins() {
    return real.joins();
  }

  @Override
  public int localMemory() {
    return real.localMemory();
  }

  @Override
  public void fill(Memory memory, long from, long bytes, int pattern) {
    real.fill(memory, from, bytes, pattern);
  }

  @Override
  public void write(Memory memory, long from, ByteBuffer host) {
    real.write(memory, from, host);
  }

  @Override
  public void read(Memory memory, long from, ByteBuffer host) {
    real.read(memory, from, host);
  }

  @Override
  public void finish() {
    real.finish();
  }

  @Override
  public void close() {
    real.close();
  }
}
