package org.amortis.engine.device.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUDA_KERNEL_NODE_PARAMS;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.amortis.engine.device.gpu.Grid;

/// The calls of JCuda.
///
/// Copies go between the device and page-locked memory only: JCuda holds a Java array still during
/// a call, not until an asynchronous copy is done.
final class JCudaCalls implements Calls {
  /// Device memory whose address a foreign call can take.
  static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer() + getByteOffset();
    }
  }

  /// The stream, likewise.
  static final class Stream extends CUstream {
    long value() {
      return getNativePointer();
    }
  }

  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final Stream stream = new Stream();
  private final int index;
  private Address room;

  JCudaCalls(int index) {
    this.index = index;
    JCudaDriver.setExceptionsEnabled(false);
  }

  @Override
  public int open() {
    int status = JCudaDriver.cuDeviceGet(device, index);
    status = status == 0 ? JCudaDriver.cuDevicePrimaryCtxRetain(context, device) : status;
    if (status != 0) {
      return status;
    }
    status = use();
    status =
        status == 0
            ? JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING)
            : status;
    if (status != 0) {
      JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
    return status;
  }

  @Override
  public int use() {
    return JCudaDriver.cuCtxSetCurrent(context);
  }

  @Override
  public int close() {
    if (room != null) {
      JCudaDriver.cuMemFree(room);
    }
    JCudaDriver.cuStreamDestroy(stream);
    return JCudaDriver.cuDevicePrimaryCtxRelease(device);
  }

  @Override
  public int module(byte[] ptx, Object[] module) {
    CUmodule m = new CUmodule();
    module[0] = m;
    return JCudaDriver.cuModuleLoadData(m, ptx);
  }

  @Override
  public int unload(Object module) {
    return JCudaDriver.cuModuleUnload((CUmodule) module);
  }

  @Override
  public int function(Object module, String entry, Object[] function) {
    CUfunction f = new CUfunction();
    function[0] = f;
    return JCudaDriver.cuModuleGetFunction(f, (CUmodule) module, entry);
  }

  @Override
  public int allocate(long bytes, Object[] memory) {
    Address a = new Address();
    memory[0] = a;
    return JCudaDriver.cuMemAlloc(a, bytes);
  }

  @Override
  public int free(Object memory) {
    return JCudaDriver.cuMemFree((Address) memory);
  }

  @Override
  public int allocatePinned(int bytes, Object[] pinned, ByteBuffer[] view) {
    Pointer p = new Pointer();
    int status = JCudaDriver.cuMemHostAlloc(p, bytes, 0);
    pinned[0] = p;
    view[0] = status == 0 ? p.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder()) : null;
    return status;
  }

  @Override
  public int freePinned(Object pinned) {
    return JCudaDriver.cuMemFreeHost((Pointer) pinned);
  }

  private static CUdeviceptr at(Object memory, long from) {
    Address a = (Address) memory;
    return from == 0 ? a : a.withByteOffset(from);
  }

  @Override
  public int fill(Object memory, long from, int pattern, long words) {
    return JCudaDriver.cuMemsetD32Async(at(memory, from), pattern, words, stream);
  }

  @Override
  public int upload(Object memory, long from, Object pinned, int bytes) {
    return JCudaDriver.cuMemcpyHtoDAsync(at(memory, from), (Pointer) pinned, bytes, stream);
  }

  @Override
  public int download(Object pinned, Object memory, long from, int bytes) {
    return JCudaDriver.cuMemcpyDtoHAsync((Pointer) pinned, at(memory, from), bytes, stream);
  }

  @Override
  public int event(Object[] event) {
    CUevent e = new CUevent();
    event[0] = e;
    return JCudaDriver.cuEventCreate(e, CUevent_flags.CU_EVENT_DEFAULT);
  }

  @Override
  public int record(Object event) {
    return JCudaDriver.cuEventRecord((CUevent) event, stream);
  }

  @Override
  public int await(Object event) {
    return JCudaDriver.cuEventSynchronize((CUevent) event);
  }

  @Override
  public int elapsed(Object from, Object to, float[] millis) {
    return JCudaDriver.cuEventElapsedTime(millis, (CUevent) from, (CUevent) to);
  }

  @Override
  public int release(Object event) {
    return JCudaDriver.cuEventDestroy((CUevent) event);
  }

  @Override
  public Object arguments(Object[] values) {
    NativePointerObject[] list = new NativePointerObject[values.length];
    for (int i = 0; i < values.length; i++) {
      list[i] =
          switch (values[i]) {
            case Address a -> Pointer.to(a);
            case Integer n -> Pointer.to(new int[] {n});
            case Float f -> Pointer.to(new float[] {f});
            case Double d -> Pointer.to(new double[] {d});
            default -> throw new IllegalArgumentException("argument " + values[i]);
          };
    }
    return Pointer.to(list);
  }

  @Override
  public int launch(Object function, Grid g, Object arguments) {
    return JCudaDriver.cuLaunchKernel(
        (CUfunction) function,
        g.groupsX(),
        g.groupsY(),
        g.groupsZ(),
        g.itemsX(),
        g.itemsY(),
        g.itemsZ(),
        0,
        stream,
        (Pointer) arguments,
        null);
  }

  @Override
  public int beginCapture() {
    return JCudaDriver.cuStreamBeginCapture(
        stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
  }

  @Override
  public int endCapture(Object[] graph) {
    CUgraph g = new CUgraph();
    int status = JCudaDriver.cuStreamEndCapture(stream, g);
    graph[0] = status == 0 ? g : null;
    return status;
  }

  @Override
  public int graph(Object[] graph) {
    CUgraph g = new CUgraph();
    graph[0] = g;
    return JCudaDriver.cuGraphCreate(g, 0);
  }

  private static CUgraphNode[] nodes(Object[] nodes) {
    return Arrays.copyOf(nodes, nodes.length, CUgraphNode[].class);
  }

  @Override
  public int addLaunch(
      Object graph, Object[] after, Object function, Grid g, Object arguments, Object[] node) {
    CUDA_KERNEL_NODE_PARAMS p = new CUDA_KERNEL_NODE_PARAMS();
    p.func = (CUfunction) function;
    p.gridDimX = g.groupsX();
    p.gridDimY = g.groupsY();
    p.gridDimZ = g.groupsZ();
    p.blockDimX = g.itemsX();
    p.blockDimY = g.itemsY();
    p.blockDimZ = g.itemsZ();
    p.kernelParams = (Pointer) arguments;
    CUgraphNode n = new CUgraphNode();
    node[0] = n;
    return JCudaDriver.cuGraphAddKernelNode(n, (CUgraph) graph, nodes(after), after.length, p);
  }

  @Override
  public int addGraph(Object graph, Object[] after, Object other, Object[] node) {
    CUgraphNode n = new CUgraphNode();
    node[0] = n;
    return JCudaDriver.cuGraphAddChildGraphNode(
        n, (CUgraph) graph, nodes(after), after.length, (CUgraph) other);
  }

  @Override
  public int instantiate(Object graph, Object[] executable) {
    CUgraphExec exec = new CUgraphExec();
    executable[0] = exec;
    return JCudaDriver.cuGraphInstantiate(exec, (CUgraph) graph, 0L);
  }

  @Override
  public int destroyGraph(Object graph) {
    return JCudaDriver.cuGraphDestroy((CUgraph) graph);
  }

  @Override
  public int launchGraph(Object executable) {
    return JCudaDriver.cuGraphLaunch((CUgraphExec) executable, stream);
  }

  @Override
  public int destroyExecutable(Object executable) {
    return JCudaDriver.cuGraphExecDestroy((CUgraphExec) executable);
  }

  @Override
  public int synchronize() {
    return JCudaDriver.cuStreamSynchronize(stream);
  }

  /// The library's workspace is the driver's, so that products allocate nothing, in a capture least
  /// of all.
  @Override
  public Products products() {
    Address workspace = new Address();
    if (JCudaDriver.cuMemAlloc(workspace, Cublas.WORKSPACE) != 0) {
      return null;
    }
    Products found = null;
    try {
      found = Cublas.open(stream, workspace);
    } finally {
      if (found == null) {
        JCudaDriver.cuMemFree(workspace);
      } else {
        room = workspace;
      }
    }
    return found;
  }
}
