package org.amortis.engine.device.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A driver that holds launches to what is said of them: whatever a launch is not to touch is
/// scrambled while it runs, and must be as it was afterwards.
public final class GuardedDriver implements Driver {
  /// Small as an index, and next to nothing as a real.
  private static final byte SCRAMBLED = 1;

  private final Driver real;
  private final List<Memory> alive = new ArrayList<>();

  /// What was touched against what was said.
  public final List<String> faults = new ArrayList<>();

  /// Guards the launches of another driver.
  public GuardedDriver(Driver real) {
    this.real = real;
  }

  @Override
  public String name() {
    return "guarded";
  }

  @Override
  public String describe() {
    return "guarded: " + real.describe();
  }

  @Override
  public boolean float64() {
    return real.float64();
  }

  @Override
  public boolean branches() {
    return true;
  }

  private final class Own implements Memory {
    private final Memory inner;

    Own(Memory inner) {
      this.inner = inner;
    }

    @Override
    public long bytes() {
      return inner.bytes();
    }

    @Override
    public void close() {
      alive.remove(this);
      inner.close();
    }
  }

  @Override
  public Memory allocate(long bytes) {
    Memory m = new Own(real.allocate(bytes));
    alive.add(m);
    return m;
  }

  private static Memory inner(Memory m) {
    return ((Own) m).inner;
  }

  @Override
  public void fill(Memory memory, long from, long bytes, int pattern) {
    real.fill(inner(memory), from, bytes, pattern);
  }

  @Override
  public void write(Memory memory, long from, ByteBuffer host) {
    real.write(inner(memory), from, host);
  }

  @Override
  public void read(Memory memory, long from, ByteBuffer host) {
    real.read(inner(memory), from, host);
  }

  private byte[] content(Memory m) {
    ByteBuffer b = ByteBuffer.allocateDirect((int) m.bytes()).order(ByteOrder.nativeOrder());
    real.read(inner(m), 0, b);
    byte[] bytes = new byte[(int) m.bytes()];
    b.clear().get(bytes);
    return bytes;
  }

  private void content(Memory m, byte[] bytes) {
    ByteBuffer b = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    real.write(inner(m), 0, b.put(bytes).flip());
  }

  @Override
  public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    Object[] own = arguments.clone();
    Object[] plain = arguments.clone();
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] instanceof Argument.Buffer b) {
        plain[i] = b.in(inner(b.memory()), b.at());
      }
    }
    Prepared p = real.prepare(kernel, grid, plain);
    return new Prepared() {
      @Override
      public void set(int parameter, Memory memory, int at) {
        own[parameter] = ((Argument.Buffer) own[parameter]).in(memory, at);
        p.set(parameter, inner(memory), at);
      }

      @Override
      public void enqueue() {
        guarded(kernel, Access.of(kernel, own), p);
      }

      @Override
      public void close() {
        p.close();
      }
    };
  }

  private void guarded(Kernel kernel, List<Access> accesses, Prepared launch) {
    List<Memory> all = List.copyOf(alive);
    List<byte[]> before = new ArrayList<>();
    List<byte[]> during = new ArrayList<>();
    for (Memory m : all) {
      byte[] now = content(m);
      byte[] scrambled = new byte[now.length];
      for (int i = 0; i < now.length; i += 4) {
        scrambled[i] = SCRAMBLED;
      }
      for (Access a : accesses) {
        copy(a, m, now, scrambled);
      }
      before.add(now);
      during.add(scrambled);
      content(m, scrambled);
    }
    launch.enqueue();
    for (int k = 0; k < all.size(); k++) {
      byte[] now = before.get(k);
      byte[] after = content(all.get(k));
      byte[] expected = during.get(k);
      for (Access a : accesses) {
        if (a.writes()) {
          copy(a, all.get(k), after, now);
          copy(a, all.get(k), after, expected);
        }
      }
      if (!Arrays.equals(expected, after)) {
        faults.add(kernel + " wrote byte " + Arrays.mismatch(expected, after));
      }
      content(all.get(k), now);
    }
  }

  /// Copies the bytes that an access names.
  private static void copy(Access a, Memory m, byte[] from, byte[] to) {
    if (a.memory() == m) {
      int end = (int) Math.min(a.to(), from.length);
      System.arraycopy(from, (int) a.from(), to, (int) a.from(), end - (int) a.from());
    }
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
