package org.amortis.engine.device.gpu;

import java.nio.ByteBuffer;
import org.amortis.engine.Failure;

/// A driver that fails once, at the n-th thing it is asked to make or to enqueue, or has less
/// memory than the real one, and counts what is alive.
public final class FaultyDriver implements Driver {
  private final Driver real;
  private int left;
  private boolean float64 = true;
  private long limit = Long.MAX_VALUE;
  private long used;
  private long most;
  int alive;

  /// A driver without faults so far.
  public FaultyDriver(Driver real) {
    this.real = real;
    this.left = Integer.MAX_VALUE;
  }

  /// Fails after `n` more calls.
  void failAfter(int n) {
    left = n;
  }

  /// From now on has room for so many bytes.
  public void limit(long bytes) {
    limit = bytes;
  }

  /// Most bytes that were in use at a time.
  public long most() {
    return most;
  }

  /// Whether the planned fault has come.
  boolean failed() {
    return left < 0;
  }

  /// From now on says that it knows no double.
  void withoutFloat64() {
    float64 = false;
  }

  private void step(String what) {
    if (left != Integer.MAX_VALUE && left-- == 0) {
      throw Failure.outOfMemory("device faulty is out of memory: " + what);
    }
  }

  private Memory counted(Memory m) {
    alive++;
    used += m.bytes();
    most = Math.max(most, used);
    return new Counted(m);
  }

  private final class Counted implements Memory {
    private final Memory inner;
    private boolean closed;

    Counted(Memory inner) {
      this.inner = inner;
    }

    @Override
    public long bytes() {
      return inner.bytes();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        alive--;
        used -= bytes();
        inner.close();
      }
    }
  }

  private static Memory inner(Memory m) {
    return ((Counted) m).inner;
  }

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public Joining joins() {
    return real.joins();
  }

  @Override
  public String describe() {
    return "faulty: " + real.describe();
  }

  @Override
  public boolean float64() {
    return float64;
  }

  @Override
  public Memory allocate(long bytes) {
    step(bytes + " bytes");
    if (used + bytes > limit) {
      throw Failure.outOfMemory("device faulty is out of memory: " + bytes + " bytes wanted")
          .advise("use a smaller batch");
    }
    return counted(real.allocate(bytes));
  }

  @Override
  public void fill(Memory memory, long from, long bytes, int pattern) {
    step("filling");
    real.fill(inner(memory), from, bytes, pattern);
  }

  @Override
  public void write(Memory memory, long from, ByteBuffer host) {
    step("writing");
    real.write(inner(memory), from, host);
  }

  @Override
  public void read(Memory memory, long from, ByteBuffer host) {
    step("reading");
    real.read(inner(memory), from, host);
  }

  @Override
  public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    step(kernel.toString());
    Object[] plain = arguments.clone();
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] instanceof Argument.Buffer b) {
        plain[i] = new Argument.Buffer(inner(b.memory()), b.at());
      }
    }
    Prepared p = real.prepare(kernel, grid, plain);
    alive++;
    return new Prepared() {
      private boolean closed;

      @Override
      public void set(int parameter, Memory memory, int at) {
        p.set(parameter, inner(memory), at);
      }

      @Override
      public void enqueue() {
        step("running " + kernel);
        p.enqueue();
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          alive--;
          p.close();
        }
      }
    };
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
