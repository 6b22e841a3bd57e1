package org.amortis.engine.device.gpu;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A driver whose recordings run their launches in a random order of those that the dependencies
/// allow, another one each time.
final class AnyOrderDriver implements Driver {
  private final Driver real;
  private final SplittableRandom random;

  /// A kernel whose launches wait for nothing, against what is right; `null` for none.
  private final String hasty;

  /// Launches of recordings that ran before one that stands before them in the list.
  int overtaken;

  AnyOrderDriver(Driver real, long seed, String hasty) {
    this.real = real;
    this.random = new SplittableRandom(seed);
    this.hasty = hasty;
  }

  @Override
  public String name() {
    return "any-order";
  }

  @Override
  public String describe() {
    return "any order: " + real.describe();
  }

  @Override
  public boolean float64() {
    return real.float64();
  }

  @Override
  public boolean branches() {
    return true;
  }

  /// So few that a group has several rows of a batch, and the last one fewer.
  @Override
  public int units() {
    return 5;
  }

  @Override
  public Memory allocate(long bytes) {
    return real.allocate(bytes);
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

  /// A launch of the real driver, and what it does to memory.
  private record Known(Kernel kernel, Object[] arguments, Prepared launch) implements Prepared {
    @Override
    public void set(int parameter, Memory memory, int at) {
      arguments[parameter] = ((Argument.Buffer) arguments[parameter]).in(memory, at);
      launch.set(parameter, memory, at);
    }

    @Override
    public void enqueue() {
      launch.enqueue();
    }

    @Override
    public void close() {
      launch.close();
    }
  }

  @Override
  public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    return new Known(kernel, arguments.clone(), real.prepare(kernel, grid, arguments));
  }

  @Override
  public Recorded record(List<Prepared> launches, int times) {
    List<List<Access>> accesses = new ArrayList<>();
    for (Prepared p : launches) {
      Known k = (Known) p;
      accesses.add(k.kernel.entry().equals(hasty) ? List.of() : Access.of(k.kernel, k.arguments));
    }
    Dependencies d = Dependencies.of(accesses, times);
    return new Recorded() {
      @Override
      public void enqueue() {
        for (int i : order(d)) {
          launches.get(i % launches.size()).enqueue();
        }
      }

      @Override
      public void close() {}
    };
  }

  private List<Integer> order(Dependencies d) {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < d.size(); i++) {
      left.add(i);
    }
    boolean[] done = new boolean[d.size()];
    List<Integer> order = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Integer> ready = new ArrayList<>();
      for (int i : left) {
        boolean free = true;
        for (int k : d.after(i)) {
          free &= done[k];
        }
        if (free) {
          ready.add(i);
        }
      }
      // The last that can go, more often than not.
      int next = random.nextInt(3) > 0 ? ready.getLast() : ready.get(random.nextInt(ready.size()));
      overtaken += next == left.getFirst() ? 0 : 1;
      left.remove((Integer) next);
      done[next] = true;
      order.add(next);
    }
    return order;
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
