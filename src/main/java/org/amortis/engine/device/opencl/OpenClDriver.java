package org.amortis.engine.device.opencl;

import static org.jocl.CL.CL_CONTEXT_PLATFORM;
import static org.jocl.CL.CL_INVALID_BUFFER_SIZE;
import static org.jocl.CL.CL_MAP_READ;
import static org.jocl.CL.CL_MAP_WRITE;
import static org.jocl.CL.CL_MEM_ALLOC_HOST_PTR;
import static org.jocl.CL.CL_MEM_OBJECT_ALLOCATION_FAILURE;
import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.CL_OUT_OF_HOST_MEMORY;
import static org.jocl.CL.CL_OUT_OF_RESOURCES;
import static org.jocl.CL.CL_PROFILING_COMMAND_END;
import static org.jocl.CL.CL_PROFILING_COMMAND_START;
import static org.jocl.CL.CL_QUEUE_PROFILING_ENABLE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Joining;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/// One OpenCL device: a context, an in-order queue, and pinned memory for transfers.
///
/// Objects have one owner and are released once, in the order launches, memory, programs, queue,
/// context; nothing is left to the collector.
final class OpenClDriver implements Driver {
  /// Bytes of pinned memory that transfers pass through.
  private static final int PINNED = 4 << 20;

  /// Whether the time of each launch is measured, for `explain`.
  private static final boolean PROFILE = Boolean.getBoolean("amortis.profile");

  private final OpenClDevice device;
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final cl_context context;
  private final cl_command_queue queue;
  private final OpenClPrograms programs;
  private final ByteBuffer pinned;
  private long used;
  private int alive;
  private boolean closed;

  OpenClDriver(OpenClDevice device) {
    this.device = device;
    try {
      cl_context_properties properties = new cl_context_properties();
      properties.addProperty(CL_CONTEXT_PLATFORM, device.platformId());
      cl_device_id[] devices = {device.id()};
      context = CL.clCreateContext(properties, 1, devices, null, null, null);
      undo.push(() -> CL.clReleaseContext(context));
      queue = queue();
      undo.push(() -> CL.clReleaseCommandQueue(queue));
      programs = new OpenClPrograms(context, device);
      undo.push(programs::close);
      cl_mem host = CL.clCreateBuffer(context, CL_MEM_ALLOC_HOST_PTR, PINNED, null, null);
      undo.push(() -> CL.clReleaseMemObject(host));
      pinned =
          CL.clEnqueueMapBuffer(
                  queue, host, true, CL_MAP_READ | CL_MAP_WRITE, 0, PINNED, 0, null, null, null)
              .order(ByteOrder.nativeOrder());
      undo.push(() -> CL.clEnqueueUnmapMemObject(queue, host, pinned, 0, null, null));
    } catch (CLException e) {
      undo.forEach(Runnable::run);
      throw failure("cannot be opened", e);
    }
  }

  @SuppressWarnings("deprecation") // the successor needs OpenCL 2.0
  private cl_command_queue queue() {
    long properties = PROFILE ? CL_QUEUE_PROFILING_ENABLE : 0;
    return CL.clCreateCommandQueue(context, device.id(), properties, null);
  }

  @Override
  public String name() {
    return "opencl:" + device.index();
  }

  @Override
  public String describe() {
    return name() + ": " + device.describe();
  }

  @Override
  public boolean float64() {
    return device.float64();
  }

  @Override
  public int localMemory() {
    return device.local();
  }

  /// On processors a launch costs little, and rows are computed faster by kernels of their own.
  @Override
  public Joining joins() {
    Joining otherwise = device.cpu() ? Joining.SMALL : Joining.ROWS;
    return Joining.of(System.getenv("AMORTIS_LAUNCHES"), otherwise);
  }

  @Override
  public int units() {
    return device.units();
  }

  /// Memory objects, launches and programs that are not released yet.
  synchronized int alive() {
    return alive;
  }

  private Failure failure(String what, CLException e) {
    return switch (e.getStatus()) {
      case CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL_OUT_OF_RESOURCES,
          CL_OUT_OF_HOST_MEMORY,
          CL_INVALID_BUFFER_SIZE ->
          Failure.outOfMemory("device " + name() + " is out of memory: " + what)
              .advise("use a smaller batch, or --device cpu")
              .causedBy(e);
      default ->
          Failure.retry("device " + name() + ": " + what + ": " + e.getMessage()).causedBy(e);
    };
  }

  @Override
  public synchronized Memory allocate(long bytes) {
    String what =
        (bytes >> 10)
            + " KiB wanted, "
            + (used >> 20)
            + " MiB in use of "
            + (device.memory() >> 20)
            + " MiB, at most "
            + (device.largest() >> 20)
            + " MiB at once";
    if (bytes > device.largest() || used + bytes > device.memory()) {
      throw failure(what, new CLException("refused", CL_MEM_OBJECT_ALLOCATION_FAILURE));
    }
    try {
      cl_mem id = CL.clCreateBuffer(context, CL_MEM_READ_WRITE, bytes, null, null);
      used += bytes;
      alive++;
      return new OpenClMemory(this, id, bytes);
    } catch (CLException e) {
      throw failure(what, e);
    }
  }

  synchronized void release(OpenClMemory m) {
    if (m.id != null) {
      CL.clReleaseMemObject(m.id);
      m.id = null;
      used -= m.bytes();
      alive--;
    }
  }

  synchronized void release(OpenClLaunch l) {
    if (l.id != null) {
      CL.clReleaseKernel(l.id);
      l.id = null;
      alive--;
    }
  }

  @Override
  public synchronized void fill(Memory memory, long from, long bytes, int pattern) {
    cl_mem id = ((OpenClMemory) memory).id;
    try {
      int chunk = (int) StrictMath.min(bytes, PINNED);
      for (int i = 0; i < chunk; i += 4) {
        pinned.putInt(i, pattern);
      }
      for (long at = 0; at < bytes; at += chunk) {
        long n = StrictMath.min(chunk, bytes - at);
        CL.clEnqueueWriteBuffer(queue, id, true, from + at, n, Pointer.to(pinned), 0, null, null);
      }
    } catch (CLException e) {
      throw failure("filling " + bytes + " bytes", e);
    }
  }

  @Override
  public synchronized void write(Memory memory, long from, ByteBuffer host) {
    cl_mem id = ((OpenClMemory) memory).id;
    try {
      long to = from;
      while (host.hasRemaining()) {
        int n = StrictMath.min(host.remaining(), PINNED);
        pinned.put(0, host, host.position(), n);
        host.position(host.position() + n);
        CL.clEnqueueWriteBuffer(queue, id, true, to, n, Pointer.to(pinned), 0, null, null);
        to += n;
      }
    } catch (CLException e) {
      throw failure("writing to it", e);
    }
  }

  @Override
  public synchronized void read(Memory memory, long from, ByteBuffer host) {
    cl_mem id = ((OpenClMemory) memory).id;
    try {
      long at = from;
      while (host.hasRemaining()) {
        int n = StrictMath.min(host.remaining(), PINNED);
        CL.clEnqueueReadBuffer(queue, id, true, at, n, Pointer.to(pinned), 0, null, null);
        host.put(host.position(), pinned, 0, n);
        host.position(host.position() + n);
        at += n;
      }
    } catch (CLException e) {
      throw failure("reading from it", e);
    }
  }

  @Override
  public synchronized Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    cl_kernel id = null;
    try {
      cl_program program = programs.of(kernel);
      id = CL.clCreateKernel(program, kernel.entry(), null);
      OpenClLaunch launch = new OpenClLaunch(this, kernel, id, grid, arguments);
      alive++;
      return launch;
    } catch (CLException e) {
      if (id != null) {
        CL.clReleaseKernel(id);
      }
      throw failure("binding " + kernel, e);
    }
  }

  /// Enqueues a launch; under [#PROFILE] waits for it and returns the time between the events of
  /// its start and its end.
  synchronized long enqueue(Kernel kernel, cl_kernel id, long[] items, long[] group) {
    try {
      if (!PROFILE) {
        CL.clEnqueueNDRangeKernel(queue, id, 3, null, items, group, 0, null, null);
        return 0;
      }
      cl_event event = new cl_event();
      CL.clEnqueueNDRangeKernel(queue, id, 3, null, items, group, 0, null, event);
      CL.clWaitForEvents(1, new cl_event[] {event});
      long[] time = new long[2];
      Pointer first = Pointer.to(time);
      CL.clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_START, Sizeof.cl_ulong, first, null);
      Pointer second = first.withByteOffset(Sizeof.cl_ulong);
      CL.clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, Sizeof.cl_ulong, second, null);
      CL.clReleaseEvent(event);
      return time[1] - time[0];
    } catch (CLException e) {
      throw failure(kernel + " as " + java.util.Arrays.toString(items), e);
    }
  }

  @Override
  public synchronized void finish() {
    try {
      CL.clFinish(queue);
    } catch (CLException e) {
      throw failure("running", e);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      CL.clFinish(queue);
      undo.forEach(Runnable::run);
    }
  }
}
