package org.amortis.bench;

import java.util.concurrent.TimeUnit;
import org.amortis.bench.work.FlowPosterior;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// How long does an epoch of forward-KL training take: 3,200 fields through the paper's network
/// into a spline flow, and the held-out loss?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC", "-Xmx4g"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FkldTraining {
  private Device device;
  private Work work;

  @Setup(Level.Trial)
  public void prepare() {
    device = Threads.device();
    work = FlowPosterior.ofFields(device).training();
    work.check();
  }

  @TearDown(Level.Trial)
  public void close() {
    work.close();
    device.close();
  }

  @Benchmark
  public double epoch() {
    return work.seconds();
  }
}
