package org.amortis.bench;

import java.util.concurrent.TimeUnit;
import org.amortis.bench.work.FieldChains;
import org.amortis.bench.work.Threads;
import org.amortis.engine.device.Device;
import org.amortis.studies.gp.GaussianProcess.Form;
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

/// How long do 20 Metropolis-Hastings steps on 1,000 fields take, starting the chains included?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC", "-Xmx4g"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MetropolisSteps {
  @Param({"DENSE", "LATTICE", "CHEBYSHEV"})
  public Form form;

  private Device device;
  private FieldChains work;

  @Setup(Level.Trial)
  public void prepare() {
    device = Threads.device();
    work = new FieldChains(device, form, 20);
    work.check();
  }

  @TearDown(Level.Trial)
  public void close() {
    work.close();
    device.close();
  }

  @Benchmark
  public double steps() {
    return work.secondsPerStep();
  }
}
