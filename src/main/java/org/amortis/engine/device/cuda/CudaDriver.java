package org.amortis.engine.device.cuda;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.amortis.engine.device.gpu.Recorded;
import org.amortis.engine.shape.DType;

/// One CUDA device: a context, an in-order stream, a pool of memory, and page-locked memory for
/// transfers.
///
/// After a fault that destroys the context ([CudaFault.Kind#LOST]) nothing is asked of the driver
/// any more: every verb fails at once with that fault, and what is closed is only forgotten.
final class CudaDriver implements Driver {
  /// Bytes of each of the two page-locked buffers that transfers pass through in turn.
  private static final int PINNED = 4 << 20;

  /// Whether the time of each launch is measured, for `explain`.
  private static final boolean PROFILE = Boolean.getBoolean("amortis.profile");

  /// A page-locked buffer and the event after the last copy from it.
  private static final class Stage {
    Object pinned;
    ByteBuffer view;
    Object event;
    boolean busy;
  }

  private final CudaDevice device;
  private final Calls calls;
  private final CudaModules modules;
  private final CudaPool pool;
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final Stage[] stages = {new Stage(), new Stage()};
  private final Object[] clock = new Object[2];
  private final ProductChoice choice;
  private final Products products;
  private final boolean chained;
  private int stage;
  private boolean capturing;
  private boolean closed;
  private Failure lost;

  CudaDriver(CudaDevice device, Calls calls) {
    this(
        device,
        calls,
        chained(System.getenv("AMORTIS_GRAPHS")),
        ProductChoice.of(System.getenv("AMORTIS_PRODUCTS")));
  }

  /// With what computes products by itself.
  CudaDriver(CudaDevice device, Calls calls, boolean chained) {
    this(device, calls, chained, ProductChoice.of(null));
  }

  /// @param chained whether launches of a graph follow one another although they might run side by
  ///   side
  /// @param choice who computes large matrix products
  CudaDriver(CudaDevice device, Calls calls, boolean chained, ProductChoice choice) {
    this.device = device;
    this.choice = choice;
    this.chained = chained;
    this.calls = calls;
    this.modules = new CudaModules(this, calls, device.capability());
    this.pool = new CudaPool(calls);
    try {
      check(calls.open(), "opening it");
      undo.push(calls::close);
      undo.push(modules::close);
      undo.push(pool::trim);
      for (Stage s : stages) {
        prepare(s);
      }
      for (int i = 0; i < clock.length; i++) {
        clock[i] = event();
      }
      products = choice.library() ? calls.products() : null;
      if (products != null) {
        undo.push(products::close);
      }
      choice.check(device, products);
    } catch (RuntimeException | Error e) {
      undo.forEach(Runnable::run);
      throw e;
    }
  }

  /// What `AMORTIS_GRAPHS` says.
  ///
  /// @throws Failure for a word that means nothing
  static boolean chained(String word) {
    return switch (word == null ? "" : word) {
      case "", "branches" -> false;
      case "chain" -> true;
      default ->
          throw Failure.usage("AMORTIS_GRAPHS is '" + word + "'; expected branches or chain");
    };
  }

  private void prepare(Stage s) {
    Object[] pinned = new Object[1];
    ByteBuffer[] view = new ByteBuffer[1];
    check(calls.allocatePinned(PINNED, pinned, view), "page-locked memory for transfers");
    undo.push(() -> calls.freePinned(pinned[0]));
    s.pinned = pinned[0];
    s.view = view[0];
    s.event = event();
  }

  private Object event() {
    Object[] event = new Object[1];
    check(calls.event(event), "making an event");
    undo.push(() -> calls.release(event[0]));
    return event[0];
  }

  @Override
  public String name() {
    return "cuda:" + device.index();
  }

  @Override
  public String describe() {
    return name() + ": " + device.describe() + ", " + choice.describe(products);
  }

  @Override
  public boolean float64() {
    return true;
  }

  @Override
  public int units() {
    return device.units();
  }

  @Override
  public boolean branches() {
    return !chained;
  }

  /// Throws what a status stands for; remembers a lost device.
  void check(int status, String what) {
    if (status == 0) {
      return;
    }
    CudaFault fault = CudaFault.of(status);
    Failure f = fault.failure(name(), what);
    if (fault.kind() == CudaFault.Kind.LOST) {
      lost = f;
    }
    throw f;
  }

  /// What every verb begins with.
  private void enter(String verb) {
    if (lost != null) {
      throw Failure.retry(lost.getMessage()).advise(lost.advice().orElseThrow()).causedBy(lost);
    }
    if (closed) {
      throw new IllegalStateException("device " + name() + " is closed");
    }
    if (capturing) {
      throw new IllegalStateException(verb + " while launches are recorded");
    }
    check(calls.use(), "its context");
  }

  private boolean gone() {
    return lost != null || closed;
  }

  @Override
  public synchronized Memory allocate(long bytes) {
    enter("allocating");
    CudaPool.Block[] block = new CudaPool.Block[1];
    int status = pool.take(bytes, block);
    if (status != 0) {
      check(
          status,
          (bytes >> 10)
              + " KiB wanted, "
              + (pool.used() >> 20)
              + " MiB in use of "
              + (device.memory() >> 20)
              + " MiB");
    }
    return new CudaMemory(this, block[0], bytes);
  }

  synchronized void release(CudaMemory m) {
    if (m.block != null) {
      if (!gone()) {
        pool.give(m.block);
      }
      m.block = null;
    }
  }

  @Override
  public synchronized void fill(Memory memory, long from, long bytes, int pattern) {
    enter("filling");
    if (bytes > 0) {
      Object address = ((CudaMemory) memory).address();
      check(calls.fill(address, from, pattern, bytes / 4), "filling " + bytes + " bytes");
    }
  }

  /// Copies pass through the two buffers in turn: while the device takes one, the host fills the
  /// other.
  @Override
  public synchronized void write(Memory memory, long from, ByteBuffer host) {
    enter("writing");
    Object address = ((CudaMemory) memory).address();
    for (long to = from; host.hasRemaining(); ) {
      Stage s = free();
      int n = StrictMath.min(host.remaining(), PINNED);
      s.view.put(0, host, host.position(), n);
      host.position(host.position() + n);
      check(calls.upload(address, to, s.pinned, n), "writing to it");
      check(calls.record(s.event), "writing to it");
      s.busy = true;
      to += n;
    }
  }

  /// The next buffer, when the copy from it is done.
  private Stage free() {
    Stage s = stages[stage];
    stage = 1 - stage;
    if (s.busy) {
      check(calls.await(s.event), "writing to it");
      s.busy = false;
    }
    return s;
  }

  @Override
  public synchronized void read(Memory memory, long from, ByteBuffer host) {
    enter("reading");
    Object address = ((CudaMemory) memory).address();
    for (long at = from; host.hasRemaining(); ) {
      Stage s = free();
      int n = StrictMath.min(host.remaining(), PINNED);
      check(calls.download(s.pinned, address, at, n), "reading from it");
      check(calls.synchronize(), "reading from it");
      host.put(host.position(), s.view, 0, n);
      host.position(host.position() + n);
      at += n;
    }
  }

  @Override
  public synchronized Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    enter("preparing");
    if (choice.takes(kernel, arguments)) {
      if (choice.tensor() && kernel.real() == DType.FLOAT32) {
        return TensorProduct.of(this, device, choice.terms(), kernel, arguments);
      }
      if (products != null) {
        return CudaProduct.of(this, products, kernel, arguments);
      }
    }
    if (StagedProduct.takes(device, kernel, arguments)) {
      return StagedProduct.of(this, kernel, grid, arguments);
    }
    return launch(kernel, grid, arguments);
  }

  CudaLaunch launch(Kernel kernel, Grid grid, Object[] arguments) {
    return new CudaLaunch(this, kernel, grid, modules.function(kernel), arguments);
  }

  Object arguments(Object[] values) {
    return calls.arguments(values);
  }

  /// Enqueues a launch; under [#PROFILE] waits for it and returns the nanoseconds it took.
  synchronized long enqueue(Object function, Grid grid, Object arguments, Object what) {
    return timed(() -> calls.launch(function, grid, arguments), what);
  }

  /// Enqueues something that returns a status.
  synchronized long timed(java.util.function.IntSupplier call, Object what) {
    if (!capturing) {
      enter("running");
    }
    if (!PROFILE) {
      check(call.getAsInt(), "running " + what);
      return 0;
    }
    check(calls.record(clock[0]), "running " + what);
    check(call.getAsInt(), "running " + what);
    check(calls.record(clock[1]), "running " + what);
    check(calls.await(clock[1]), "running " + what);
    float[] millis = new float[1];
    check(calls.elapsed(clock[0], clock[1], millis), "running " + what);
    return (long) (millis[0] * 1e6);
  }

  /// Makes a graph of the launches. Those that are profiled go one by one.
  @Override
  public synchronized Recorded record(List<Prepared> launches, int times) {
    if (PROFILE) {
      return null;
    }
    enter("recording");
    List<GraphPart> parts = launches.stream().map(l -> (GraphPart) l).toList();
    return CudaGraph.of(this, parts, times, chained);
  }

  /// What launches enqueue, as a graph.
  Object capture(Prepared launches) {
    String what = "recording " + launches;
    check(calls.beginCapture(), what);
    Object[] graph = new Object[1];
    capturing = true;
    try {
      launches.enqueue();
    } catch (RuntimeException | Error e) {
      capturing = false;
      calls.endCapture(graph);
      drop(graph[0]);
      throw e;
    }
    capturing = false;
    check(calls.endCapture(graph), what);
    return graph[0];
  }

  /// Releases a graph, unless there is none or the device is lost.
  void drop(Object graph) {
    if (graph != null && lost == null) {
      calls.destroyGraph(graph);
    }
  }

  Calls calls() {
    return calls;
  }

  synchronized void enqueue(CudaGraph g) {
    enter("running");
    check(calls.launchGraph(g.graph), "running " + g);
  }

  synchronized void release(CudaGraph g) {
    if (g.graph != null && !gone()) {
      calls.use();
      calls.destroyExecutable(g.graph);
    }
    g.graph = null;
  }

  @Override
  public synchronized void finish() {
    enter("waiting");
    check(calls.synchronize(), "running");
  }

  /// Waits and gives everything back, in the reverse order it was made.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (lost != null) {
      // The context's objects go with it; its own release tells the driver to drop it.
      calls.close();
      return;
    }
    calls.use();
    calls.synchronize();
    undo.forEach(Runnable::run);
  }
}
