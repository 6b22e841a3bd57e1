package org.amortis.engine.device.cuda;

import java.util.List;
import org.amortis.engine.device.gpu.Dependencies;
import org.amortis.engine.device.gpu.Recorded;

/// Launches as an executable graph: each waits for those alone whose bytes it touches.
final class CudaGraph implements Recorded {
  private final CudaDriver driver;
  private final int launches;
  Object graph;

  private CudaGraph(CudaDriver driver, Object graph, int launches) {
    this.driver = driver;
    this.graph = graph;
    this.launches = launches;
  }

  /// The graph of a list of launches that is gone through so many times.
  ///
  /// @param chained whether each launch waits for the one before it
  static CudaGraph of(
      CudaDriver driver, List<? extends GraphPart> parts, int times, boolean chained) {
    int n = parts.size() * times;
    String what = "recording " + parts.size() + " launches " + times + " times";
    Dependencies d =
        chained
            ? Dependencies.chain(n)
            : Dependencies.of(parts.stream().map(GraphPart::accesses).toList(), times);
    Calls calls = driver.calls();
    Object[] graph = new Object[1];
    driver.check(calls.graph(graph), what);
    try {
      Object[] nodes = new Object[n];
      Object[] made = new Object[1];
      for (int i = 0; i < n; i++) {
        int[] after = d.after(i);
        Object[] before = new Object[after.length];
        for (int k = 0; k < after.length; k++) {
          before[k] = nodes[after[k]];
        }
        GraphPart part = parts.get(i % parts.size());
        driver.check(part.add(graph[0], before, made), "recording " + part);
        nodes[i] = made[0];
      }
      Object[] executable = new Object[1];
      driver.check(calls.instantiate(graph[0], executable), what);
      return new CudaGraph(driver, executable[0], n);
    } finally {
      driver.drop(graph[0]);
    }
  }

  @Override
  public void enqueue() {
    driver.enqueue(this);
  }

  @Override
  public void close() {
    driver.release(this);
  }

  @Override
  public String toString() {
    return "a graph of " + launches + " launches";
  }
}
