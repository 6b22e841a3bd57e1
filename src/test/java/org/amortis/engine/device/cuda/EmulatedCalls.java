package org.amortis.engine.device.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.amortis.engine.device.cuda.emulator.Code;
import org.amortis.engine.device.cuda.emulator.Machine;
import org.amortis.engine.device.cuda.emulator.Memory;
import org.amortis.engine.device.cuda.emulator.PtxModule;
import org.amortis.engine.device.gpu.Grid;

/// A CUDA driver that executes kernels on the processor, with an emulator of PTX.
///
/// What is enqueued is done at once. Like the real driver it refuses what may not happen during a
/// capture; launches of a graph run in a random order of those that its edges allow; after a fault
/// that destroys the context it answers everything with that fault. What a kernel must not do ends
/// with a [org.amortis.engine.device.cuda.emulator.PtxFault].
final class EmulatedCalls implements Calls {
  /// A kernel with its geometry and arguments, and the memory it may touch.
  record Node(Code code, Grid grid, Object[] arguments, List<Memory.Part> parts, String label) {}

  /// Page-locked memory.
  private record Pinned(ByteBuffer view) {}

  private static final Map<String, PtxModule> MODULES = new ConcurrentHashMap<>();
  private static final Map<String, Code> CODES = new ConcurrentHashMap<>();

  final Memory memory = new Memory();
  final Machine machine = new Machine(memory);

  /// What is done to modules before they are loaded.
  UnaryOperator<String> edit = UnaryOperator.identity();

  /// Whether kernels that are right for any number of groups along x get one.
  boolean few;

  /// Handles that were not released.
  final Set<Object> alive = new HashSet<>();

  /// Entry points that ran.
  final Set<String> ran = new HashSet<>();

  /// Launches that ran, those of graphs included; and graphs.
  long launches;

  long graphs;

  /// Launches of graphs that ran before one that was added earlier.
  long overtaken;

  private final SplittableRandom order = new SplittableRandom(1);

  /// Bytes that may be allocated, and bytes that are.
  long limit = 4L << 30;

  long used;

  /// What the next launch may touch, where that is known.
  private List<Memory.Part> parts;

  private String label;

  /// Where to count, or `null`.
  EmulatedCounts counts;

  private final int capability;
  private List<Node> capture;
  private int sticky;
  private String failing = "";
  private int fault;

  EmulatedCalls(int capability) {
    this.capability = capability;
  }

  /// The next call of this name returns the status.
  void fail(String call, int status) {
    failing = call;
    fault = status;
  }

  /// What the next launch may touch, and what it is.
  void declare(List<Memory.Part> of, String launch) {
    parts = of;
    label = launch;
  }

  private int answer(String call) {
    if (sticky != 0) {
      return sticky;
    }
    if (call.equals(failing)) {
      failing = "";
      sticky = CudaFault.of(fault).kind() == CudaFault.Kind.LOST ? fault : 0;
      return fault;
    }
    return capture != null && !call.equals("launch") && !call.equals("endCapture") ? 900 : 0;
  }

  private int make(String call, Object thing, Object[] into) {
    int status = answer(call);
    if (status == 0) {
      into[0] = thing;
      alive.add(thing);
    }
    return status;
  }

  private int drop(String call, Object thing) {
    int status = answer(call);
    if (status == 0 && !alive.remove(thing)) {
      throw new AssertionError(call + ": released twice or never made: " + thing);
    }
    return status;
  }

  @Override
  public int open() {
    return answer("open");
  }

  @Override
  public int use() {
    return sticky;
  }

  @Override
  public int close() {
    return answer("close");
  }

  /// The text must end in a zero byte, which tells the driver its extent.
  @Override
  public int module(byte[] ptx, Object[] module) {
    if (ptx[ptx.length - 1] != 0) {
      throw new AssertionError("a module without a zero byte at its end");
    }
    String text = edit.apply(new String(ptx, 0, ptx.length - 1, StandardCharsets.US_ASCII));
    if (MODULES.computeIfAbsent(text, PtxModule::of).target() > capability) {
      return 218;
    }
    // A module loaded twice has two handles.
    return make("module", new StringBuilder(text), module);
  }

  @Override
  public int unload(Object module) {
    return drop("unload", module);
  }

  @Override
  public int function(Object module, String entry, Object[] function) {
    String text = module.toString();
    PtxModule m = MODULES.get(text);
    if (!m.entries().containsKey(entry)) {
      return 500;
    }
    function[0] = CODES.computeIfAbsent(entry + "\n" + text, k -> Code.of(m, entry));
    return answer("function");
  }

  @Override
  public int allocate(long bytes, Object[] memory) {
    if (sticky == 0 && (used + bytes > limit || bytes > Integer.MAX_VALUE - 8)) {
      return 2;
    }
    int status = answer("allocate");
    if (status == 0) {
      memory[0] = this.memory.allocate((int) bytes);
      alive.add(memory[0]);
      used += bytes;
    }
    return status;
  }

  @Override
  public int free(Object memory) {
    int status = drop("free", memory);
    if (status == 0) {
      Memory.Allocation a = (Memory.Allocation) memory;
      used -= a.bytes();
      this.memory.free(a);
    }
    return status;
  }

  @Override
  public int allocatePinned(int bytes, Object[] pinned, ByteBuffer[] view) {
    view[0] = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    Pinned made = new Pinned(view[0]);
    int status = answer("allocatePinned");
    if (status == 0) {
      pinned[0] = made;
    }
    return status;
  }

  @Override
  public int freePinned(Object pinned) {
    return answer("freePinned");
  }

  @Override
  public int fill(Object memory, long from, int pattern, long words) {
    int status = answer("fill");
    if (status == 0) {
      ((Memory.Allocation) memory).fill(from, pattern, words);
    }
    return status;
  }

  @Override
  public int upload(Object memory, long from, Object pinned, int bytes) {
    int status = answer("upload");
    if (status == 0) {
      ((Memory.Allocation) memory).write(from, ((Pinned) pinned).view, bytes);
    }
    return status;
  }

  @Override
  public int download(Object pinned, Object memory, long from, int bytes) {
    int status = answer("download");
    if (status == 0) {
      ((Memory.Allocation) memory).read(from, ((Pinned) pinned).view, bytes);
    }
    return status;
  }

  @Override
  public int event(Object[] event) {
    return make("event", new Object(), event);
  }

  @Override
  public int record(Object event) {
    return answer("record");
  }

  @Override
  public int await(Object event) {
    return answer("await");
  }

  @Override
  public int elapsed(Object from, Object to, float[] millis) {
    return answer("elapsed");
  }

  @Override
  public int release(Object event) {
    return drop("release", event);
  }

  @Override
  public Object arguments(Object[] values) {
    return values.clone();
  }

  @Override
  public int launch(Object function, Grid grid, Object arguments) {
    int status = answer("launch");
    if (status == 0) {
      Node node = new Node((Code) function, grid, (Object[]) arguments, parts, label);
      parts = null;
      if (capture == null) {
        run(node);
      } else {
        capture.add(node);
      }
    }
    return status;
  }

  void run(Node n) {
    launches++;
    ran.add(n.code.name());
    machine.count(counts == null ? null : counts.of(n.label));
    Grid g = n.grid;
    machine.launch(
        n.code,
        new int[] {few && n.code.anyGroups() ? 1 : g.groupsX(), g.groupsY(), g.groupsZ()},
        new int[] {g.itemsX(), g.itemsY(), g.itemsZ()},
        n.parts,
        n.arguments);
  }

  @Override
  public int beginCapture() {
    int status = answer("beginCapture");
    capture = status == 0 ? new ArrayList<>() : capture;
    return status;
  }

  @Override
  public int endCapture(Object[] graph) {
    List<Node> captured = capture;
    int status = answer("endCapture");
    capture = null;
    if (status == 0) {
      graph[0] = EmulatedGraph.chain(captured);
      alive.add(graph[0]);
    }
    return status;
  }

  @Override
  public int graph(Object[] graph) {
    return make("graph", new EmulatedGraph(new ArrayList<>()), graph);
  }

  private int add(
      String call, Object graph, Object[] after, Node launch, EmulatedGraph other, Object[] node) {
    int status = answer(call);
    if (status == 0) {
      List<EmulatedGraph.Part> parts = ((EmulatedGraph) graph).parts;
      List<EmulatedGraph.Part> before = new ArrayList<>();
      for (Object p : after) {
        if (!parts.contains(p)) {
          throw new AssertionError(call + ": waits for a node of another graph");
        }
        before.add((EmulatedGraph.Part) p);
      }
      node[0] = new EmulatedGraph.Part(launch, other, before);
      parts.add((EmulatedGraph.Part) node[0]);
    }
    return status;
  }

  @Override
  public int addLaunch(
      Object graph, Object[] after, Object function, Grid grid, Object arguments, Object[] node) {
    Node launch = new Node((Code) function, grid, (Object[]) arguments, parts, label);
    parts = null;
    return add("addLaunch", graph, after, launch, null, node);
  }

  @Override
  public int addGraph(Object graph, Object[] after, Object other, Object[] node) {
    return add(
        "addGraph", graph, after, null, new EmulatedGraph(((EmulatedGraph) other).parts), node);
  }

  @Override
  public int instantiate(Object graph, Object[] executable) {
    return make(
        "instantiate", new EmulatedGraph(List.copyOf(((EmulatedGraph) graph).parts)), executable);
  }

  @Override
  public int destroyGraph(Object graph) {
    return drop("destroyGraph", graph);
  }

  @Override
  public int launchGraph(Object graph) {
    int status = answer("launchGraph");
    if (status == 0) {
      graphs++;
      EmulatedGraph.Run run = new EmulatedGraph.Run(this, machine, order);
      run.all((EmulatedGraph) graph);
      overtaken += run.overtaken;
    }
    return status;
  }

  @Override
  public int destroyExecutable(Object executable) {
    return drop("destroyExecutable", executable);
  }

  @Override
  public int synchronize() {
    return answer("synchronize");
  }

  @Override
  public Products products() {
    return null;
  }
}
