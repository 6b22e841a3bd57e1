package org.amortis.engine.device.cuda;

import org.amortis.engine.device.gpu.Recorded;

/// Launches captured as an executable graph.
final class CudaGraph implements Recorded {
  private final CudaDriver driver;
  private final int launches;
  Object graph;

  CudaGraph(CudaDriver driver, Object graph, int launches) {
    this.driver = driver;
    this.graph = graph;
    this.launches = launches;
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
