package org.amortis.bench;

import java.util.concurrent.TimeUnit;
import org.amortis.bench.work.PaperNetwork;
import org.amortis.bench.work.Threads;
import org.amortis.bench.work.Work;
import org.amortis.engine.device.Device;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// How long do 2,048 fields take through the paper's network?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC", "-Xmx4g"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CnnInference {
  @Param({"32", "512"})
  public int batch;

  private Device device;
  private Work work;

  @Setup(Level.Trial)
  public void prepare() {
    device = Threads.device();
    work = PaperNetwork.inference(device, batch);
    work.check();
  }

  @TearDown(Level.Trial)
  public void close() {
    work.close();
    device.close();
  }

  @Benchmark
  public double pass() {
    return work.seconds();
  }
}
