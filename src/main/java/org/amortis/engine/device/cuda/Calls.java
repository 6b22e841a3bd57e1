package org.amortis.engine.device.cuda;

import java.nio.ByteBuffer;
import org.amortis.engine.device.gpu.Grid;

/// The calls of the CUDA driver API that [CudaDriver] makes, on one device and one stream.
///
/// Every call returns the API's status, 0 for success, and puts results into the first element of
/// an array. Handles are what the binding makes of them; nobody else looks inside.
interface Calls {
  /// Makes a context and a stream in it.
  int open();

  /// Makes the context the calling thread's own.
  int use();

  /// Releases stream and context.
  int close();

  /// Loads a module from PTX text that ends in a zero byte.
  int module(byte[] ptx, Object[] module);

  /// Unloads a module.
  int unload(Object module);

  /// Finds an entry point.
  int function(Object module, String entry, Object[] function);

  /// Allocates device memory.
  int allocate(long bytes, Object[] memory);

  /// Releases device memory.
  int free(Object memory);

  /// Allocates page-locked host memory, seen as a buffer.
  int allocatePinned(int bytes, Object[] pinned, ByteBuffer[] view);

  /// Releases page-locked host memory.
  int freePinned(Object pinned);

  /// Enqueues filling of words of 32 bits.
  int fill(Object memory, long from, int pattern, long words);

  /// Enqueues a copy from the start of page-locked memory.
  int upload(Object memory, long from, Object pinned, int bytes);

  /// Enqueues a copy to the start of page-locked memory.
  int download(Object pinned, Object memory, long from, int bytes);

  /// Makes an event.
  int event(Object[] event);

  /// Enqueues an event.
  int record(Object event);

  /// Waits for an event.
  int await(Object event);

  /// Milliseconds between two events.
  int elapsed(Object from, Object to, float[] millis);

  /// Releases an event.
  int release(Object event);

  /// Makes the argument list of a launch from memory handles, `Integer`, `Float` and `Double`.
  Object arguments(Object[] values);

  /// Enqueues a launch.
  int launch(Object function, Grid grid, Object arguments);

  /// From now on collects what is enqueued instead of running it.
  int beginCapture();

  /// Ends collecting and makes a graph of it.
  int endCapture(Object[] graph);

  /// Makes an empty graph.
  int graph(Object[] graph);

  /// Adds a launch to a graph.
  ///
  /// @param after nodes of the graph that it waits for
  int addLaunch(
      Object graph, Object[] after, Object function, Grid grid, Object arguments, Object[] node);

  /// Adds a copy of another graph as one node.
  ///
  /// @param after nodes of the graph that it waits for
  int addGraph(Object graph, Object[] after, Object other, Object[] node);

  /// Makes a graph executable.
  int instantiate(Object graph, Object[] executable);

  /// Releases a graph; what was made of it stays.
  int destroyGraph(Object graph);

  /// Enqueues an executable graph.
  int launchGraph(Object executable);

  /// Releases an executable graph.
  int destroyExecutable(Object executable);

  /// Waits for everything enqueued.
  int synchronize();

  /// Matrix products of a library, where one is there and wanted; may be `null`.
  Products products();
}
