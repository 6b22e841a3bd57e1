package org.amortis.engine.device.cuda;

import java.util.List;
import org.amortis.engine.device.gpu.Access;
import org.amortis.engine.device.gpu.Prepared;

/// A prepared launch that can be a node of a graph.
interface GraphPart extends Prepared {
  /// What it does to memory.
  List<Access> accesses();

  /// Adds it to a graph; returns the status.
  ///
  /// @param after nodes that it waits for
  int add(Object graph, Object[] after, Object[] node);
}
