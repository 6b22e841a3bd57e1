package org.amortis.engine.device.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.amortis.engine.device.gpu.Grid;

/// A CUDA driver that writes down what it is asked for, has a limit of memory, and fails on demand.
///
/// Like the real one it refuses what may not happen during a capture, and after a fault that
/// destroys the context it answers everything with that fault.
final class FakeCalls implements Calls {
  /// Device memory.
  record Address(int number, long bytes) {
    @Override
    public String toString() {
      return "m" + number;
    }
  }

  /// A node of a graph: the launches it stands for, and the nodes it waits for.
  record Node(int number, List<String> launches, List<Integer> after) {}

  /// A graph, or with `executable` what was made of it.
  record Graph(int number, boolean executable, List<Node> nodes) {
    /// Launches in the order they were added.
    List<String> launches() {
      return nodes.stream().flatMap(n -> n.launches.stream()).toList();
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return number;
    }

    @Override
    public String toString() {
      return "graph" + number;
    }
  }

  /// What was asked for, in order; launches as `launch ENTRY GRID [arguments]`.
  final List<String> log = new ArrayList<>();

  /// Launches that ran, those of graphs included.
  final List<String> ran = new ArrayList<>();

  /// Executable graphs, in the order they were made.
  final List<Graph> graphs = new ArrayList<>();

  final Set<Object> alive = new HashSet<>();
  long limit = Long.MAX_VALUE;
  long used;
  Products products;
  private List<String> capture;
  private int number;
  private int sticky;
  private String failing = "";
  private int fault;

  /// The next call whose log line begins with this returns the status.
  void fail(String call, int status) {
    failing = call;
    fault = status;
  }

  List<String> launches() {
    return log.stream().filter(l -> l.startsWith("launch")).toList();
  }

  private int answer(String line) {
    log.add(line);
    if (sticky != 0) {
      return sticky;
    }
    if (!failing.isEmpty() && line.startsWith(failing)) {
      failing = "";
      sticky = CudaFault.of(fault).kind() == CudaFault.Kind.LOST ? fault : 0;
      return fault;
    }
    return capture != null && !line.startsWith("launch ") && !line.equals("end capture") ? 900 : 0;
  }

  private int make(String line, Object thing, Object[] into) {
    int status = answer(line);
    if (status == 0) {
      into[0] = thing;
      alive.add(thing);
    }
    return status;
  }

  private int drop(String line, Object thing) {
    int status = answer(line);
    if (status == 0 && !alive.remove(thing)) {
      throw new AssertionError(line + ": released twice or never made");
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

  @Override
  public int module(byte[] ptx, Object[] module) {
    return make("module", "module" + ++number, module);
  }

  @Override
  public int unload(Object module) {
    return drop("unload", module);
  }

  @Override
  public int function(Object module, String entry, Object[] function) {
    function[0] = entry;
    return answer("function " + entry);
  }

  @Override
  public int allocate(long bytes, Object[] memory) {
    if (sticky == 0 && used + bytes > limit) {
      log.add("refuse " + bytes);
      return 2;
    }
    int status = make("allocate " + bytes, new Address(++number, bytes), memory);
    used += status == 0 ? bytes : 0;
    return status;
  }

  @Override
  public int free(Object memory) {
    used -= ((Address) memory).bytes;
    return drop("free " + ((Address) memory).bytes, memory);
  }

  @Override
  public int allocatePinned(int bytes, Object[] pinned, ByteBuffer[] view) {
    view[0] = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    return make("pinned " + bytes, "pinned" + ++number, pinned);
  }

  @Override
  public int freePinned(Object pinned) {
    return drop("free pinned", pinned);
  }

  @Override
  public int fill(Object memory, long from, int pattern, long words) {
    inside(memory, from, 4 * words);
    return answer("fill " + memory + " " + from + " " + words);
  }

  private static void inside(Object memory, long from, long bytes) {
    Address a = (Address) memory;
    if (from < 0 || from + bytes > a.bytes) {
      throw new AssertionError(a + " of " + a.bytes + " bytes: " + from + " + " + bytes);
    }
  }

  @Override
  public int upload(Object memory, long from, Object pinned, int bytes) {
    inside(memory, from, bytes);
    return answer("upload " + memory + " " + from + " " + bytes + " by " + pinned);
  }

  @Override
  public int download(Object pinned, Object memory, long from, int bytes) {
    inside(memory, from, bytes);
    return answer("download " + memory + " " + from + " " + bytes);
  }

  @Override
  public int event(Object[] event) {
    return make("event", "event" + ++number, event);
  }

  @Override
  public int record(Object event) {
    return answer("record " + event);
  }

  @Override
  public int await(Object event) {
    return answer("await " + event);
  }

  @Override
  public int elapsed(Object from, Object to, float[] millis) {
    return answer("elapsed");
  }

  @Override
  public int release(Object event) {
    return drop("release event", event);
  }

  @Override
  public Object arguments(Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Address a && !alive.contains(a)) {
        throw new AssertionError("argument " + i + " was freed: " + a);
      }
    }
    return Arrays.toString(values);
  }

  @Override
  public int launch(Object function, Grid grid, Object arguments) {
    return run("launch " + function + " " + grid + " " + arguments);
  }

  /// Something that is enqueued, or captured.
  int run(String line) {
    int status = answer(line);
    if (status == 0) {
      (capture == null ? ran : capture).add(line);
    }
    return status;
  }

  @Override
  public int beginCapture() {
    int status = answer("begin capture");
    capture = status == 0 ? new ArrayList<>() : capture;
    return status;
  }

  @Override
  public int endCapture(Object[] graph) {
    List<String> captured = capture;
    int status = answer("end capture");
    capture = null;
    if (status == 0) {
      List<Node> nodes = new ArrayList<>();
      captured.forEach(l -> nodes.add(new Node(nodes.size(), List.of(l), List.of())));
      graph[0] = new Graph(++number, false, nodes);
      alive.add(graph[0]);
    }
    return status;
  }

  @Override
  public int graph(Object[] graph) {
    return make("graph", new Graph(++number, false, new ArrayList<>()), graph);
  }

  /// Adds a node; those it waits for must be older ones of the same graph.
  private int add(String line, Object graph, Object[] after, List<String> launches, Object[] node) {
    int status = answer(line);
    if (status != 0) {
      return status;
    }
    Graph g = (Graph) graph;
    if (!alive.contains(g) || g.executable) {
      throw new AssertionError(line + ": no graph to add to");
    }
    List<Integer> before = new ArrayList<>();
    for (Object n : after) {
      Node known = (Node) n;
      if (g.nodes.get(known.number) != known || before.contains(known.number)) {
        throw new AssertionError(line + ": waits for a node of another graph, or twice");
      }
      before.add(known.number);
    }
    Node made = new Node(g.nodes.size(), launches, before);
    g.nodes.add(made);
    node[0] = made;
    return 0;
  }

  @Override
  public int addLaunch(
      Object graph, Object[] after, Object function, Grid grid, Object arguments, Object[] node) {
    String launch = "launch " + function + " " + grid + " " + arguments;
    return add("add " + launch, graph, after, List.of(launch), node);
  }

  @Override
  public int addGraph(Object graph, Object[] after, Object other, Object[] node) {
    return add("add " + other, graph, after, ((Graph) other).launches(), node);
  }

  @Override
  public int instantiate(Object graph, Object[] executable) {
    Graph made = new Graph(++number, true, List.copyOf(((Graph) graph).nodes));
    int status = make("instantiate", made, executable);
    if (status == 0) {
      graphs.add(made);
    }
    return status;
  }

  @Override
  public int destroyGraph(Object graph) {
    return drop("destroy graph", graph);
  }

  @Override
  public int launchGraph(Object executable) {
    Graph g = (Graph) executable;
    if (!g.executable) {
      throw new AssertionError(g + " is not executable");
    }
    int status = answer("launch graph of " + g.launches().size());
    if (status == 0) {
      ran.addAll(g.launches());
    }
    return status;
  }

  @Override
  public int destroyExecutable(Object executable) {
    return drop("destroy executable", executable);
  }

  @Override
  public int synchronize() {
    return answer("synchronize");
  }

  @Override
  public Products products() {
    return products;
  }
}
