package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the CUDA driver is asked for, on one that only writes it down.
@Tag("pure")
class CudaDriverTest {
  private static final CudaDevice H100 = new CudaDevice(0, "Fake H100", 90, 132, 80L << 30, 12040);

  /// `count = count + sum(w x)`: a product, and three small launches in one.
  private static Program program() {
    Trace t = new Trace("steps");
    Var x = t.data("x", Type.f32(64, 32));
    Var w = t.data("w", Type.f32(32, 16));
    Var count = t.state("count", Type.f32());
    t.update(count, count.add(x.matmul(w).sum()));
    return t.program();
  }

  private static void with(FakeCalls calls, Consumer<GpuDevice> use) {
    try (GpuDevice device = new GpuDevice(new CudaDriver(H100, calls))) {
      use.accept(device);
    }
    assertThat(calls.alive).isEmpty();
    assertThat(calls.log).last().isEqualTo("close");
  }

  @Test
  void launchesComeInOrderWithTheirArgumentsAndSizes() {
    FakeCalls calls = new FakeCalls();
    with(
        calls,
        device -> {
          Executable e = device.bind(program());
          e.run();
          List<String> launches = calls.launches();
          assertThat(launches.getFirst())
              .matches(
                  "launch matmul_tiled \\d+x1x1 of \\d+x1x1 \\[m.*, 1, 64, 16, 32, 32, 0, 0.0]");
          assertThat(launches.get(1)).startsWith("launch small_run 1x1x1 of 256x1x1");
          assertThat(launches).hasSize(2);
          // Every buffer is an address and a place; m, n, ... are numbers.
          assertThat(launches.getFirst().split(", ")).hasSize(15);
        });
  }

  @Test
  void manyRunsAreOneGraphAndDoWhatSingleRunsDo() {
    FakeCalls singly = new FakeCalls();
    with(
        singly,
        device -> {
          Executable e = device.bind(program());
          for (int i = 0; i < 1000; i++) {
            e.run();
          }
        });
    FakeCalls calls = new FakeCalls();
    with(
        calls,
        device -> {
          Executable e = device.bind(program());
          e.run(1000);
          assertThat(e.program().name()).isEqualTo("steps");
        });
    assertThat(calls.ran).isEqualTo(singly.ran);
    int each = calls.ran.size() / 1000;
    // One run launch by launch, then 999 = 512 + 256 + 128 + 64 + 32 + 4 + 2 + 1.
    assertThat(calls.log.stream().filter(l -> l.startsWith("launch graph")).toList())
        .hasSize(8)
        .startsWith("launch graph of " + 512 * each)
        .endsWith("launch graph of " + each);
  }

  @Test
  void graphsAreMadeAfterTheFirstRunAndOnlyOnce() {
    FakeCalls calls = new FakeCalls();
    with(calls, device -> device.bind(program()).run(100));
    // 99 = 64 + 32 + 2 + 1.
    assertThat(calls.graphs).hasSize(4);
    assertThat(calls.log).filteredOn(l -> l.equals("graph")).hasSize(4);
    assertThat(calls.log).filteredOn(l -> l.equals("destroy graph")).hasSize(4);
    assertThat(calls.log.indexOf("graph"))
        .as("the first run goes before")
        .isGreaterThan(calls.log.indexOf(calls.launches().getFirst()));
  }

  /// `y = x w`, `z = x v`, `count = count + sum(y) + sum(z)`: two branches that meet.
  private static Program branches() {
    Trace t = new Trace("branches");
    Var x = t.data("x", Type.f32(64, 32));
    Var w = t.data("w", Type.f32(32, 600));
    Var v = t.data("v", Type.f32(32, 600));
    Var count = t.state("count", Type.f32());
    t.update(count, count.add(x.matmul(w).sum()).add(x.matmul(v).sum()));
    return t.program();
  }

  @Test
  void aLaunchWaitsForThoseWhoseMemoryItTouches() {
    FakeCalls calls = new FakeCalls();
    with(calls, device -> device.bind(branches()).run(2));
    FakeCalls.Graph g = calls.graphs.getFirst();
    List<String> names =
        g.nodes().stream().map(n -> n.launches().getFirst().split(" ")[1]).toList();
    assertThat(names)
        .containsExactly("matmul_tiled", "reduce_axis", "matmul_tiled", "reduce_axis", "small_run");
    List<List<Integer>> after = g.nodes().stream().map(FakeCalls.Node::after).toList();
    assertThat(after).containsExactly(List.of(), List.of(0), List.of(), List.of(2), List.of(1, 3));
  }

  @Test
  void onRequestEachLaunchWaitsForTheOneBefore() {
    FakeCalls calls = new FakeCalls();
    try (GpuDevice device = new GpuDevice(new CudaDriver(H100, calls, true))) {
      device.bind(branches()).run(2);
    }
    List<FakeCalls.Node> nodes = calls.graphs.getFirst().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      assertThat(nodes.get(i).after()).isEqualTo(i == 0 ? List.of() : List.of(i - 1));
    }
    assertThat(CudaDriver.chained(null)).isFalse();
    assertThat(CudaDriver.chained("branches")).isFalse();
    assertThat(CudaDriver.chained("chain")).isTrue();
    assertThatThrownBy(() -> CudaDriver.chained("rope"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("AMORTIS_GRAPHS is 'rope'");
  }

  @Test
  void anInputAttachedElsewhereMakesNewGraphs() {
    FakeCalls calls = new FakeCalls();
    with(
        calls,
        device -> {
          Executable e = device.bind(program());
          e.run(5);
          Buffer other = device.allocate(Type.f32(64, 32));
          e.attach("x", other);
          assertThat(calls.log).contains("destroy executable");
          int before = calls.ran.size();
          int log = calls.log.size();
          e.run(5);
          assertThat(calls.log.subList(log, calls.log.size())).contains("instantiate");
          List<String> first = calls.ran.subList(0, before);
          List<String> second = calls.ran.subList(before, calls.ran.size());
          assertThat(second).hasSameSizeAs(first).isNotEqualTo(first);
          assertThat(second.getFirst().replaceAll("m\\d+", "m"))
              .isEqualTo(first.getFirst().replaceAll("m\\d+", "m"));
        });
  }

  @Test
  void aProgramThatRunsOnceHasNoGraph() {
    FakeCalls calls = new FakeCalls();
    with(calls, device -> device.bind(program()).run());
    assertThat(calls.log).doesNotContain("graph");
  }

  @Test
  void transfersPassThroughTwoBuffersInTurn() {
    FakeCalls calls = new FakeCalls();
    try (CudaDriver driver = new CudaDriver(H100, calls);
        Memory memory = driver.allocate(13 << 20)) {
      calls.log.clear();
      ByteBuffer host = ByteBuffer.allocateDirect(13 << 20);
      driver.write(memory, 0, host);
      assertThat(host.hasRemaining()).isFalse();
      List<String> by = new ArrayList<>();
      calls.log.forEach(l -> by.add(l.replaceAll(" m\\d+|pinned|event", "").strip()));
      String a = by.getFirst().replaceAll(".*by ", "");
      assertThat(calls.log).filteredOn(l -> l.startsWith("upload")).hasSize(4);
      assertThat(calls.log).filteredOn(l -> l.startsWith("await")).hasSize(2);
      assertThat(by.get(0)).isEqualTo("upload 0 4194304 by " + a);
      assertThat(by.get(by.size() - 2)).startsWith("upload " + 3 * (4 << 20) + " 1048576");
      driver.read(memory, 0, host.clear());
      assertThat(calls.log).last().isEqualTo("synchronize");
    }
  }

  @Test
  void memoryIsKeptForTheNextAndGivenBackWhenThereIsNoMore() {
    FakeCalls calls = new FakeCalls();
    calls.limit = 100 << 20;
    try (CudaDriver driver = new CudaDriver(H100, calls)) {
      driver.allocate(40 << 20).close();
      int asked = calls.log.size();
      Memory again = driver.allocate((40 << 20) - 1000);
      assertThat(calls.log).hasSize(asked);
      again.close();
      again.close();
      Memory large = driver.allocate(80 << 20);
      assertThat(calls.log).containsSequence("refuse " + (80 << 20), "free " + (40 << 20));
      assertThatThrownBy(() -> driver.allocate(80 << 20))
          .isInstanceOfSatisfying(
              Failure.class,
              f -> {
                assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
                assertThat(f.shortOfMemory()).isTrue();
                assertThat(f)
                    .hasMessage(
                        "device cuda:0 is out of memory: 81920 KiB wanted, 80 MiB in use of 81920 MiB");
                assertThat(f.advice()).isPresent();
              });
      large.close();
      driver.allocate(80 << 20).close();
    }
    assertThat(calls.alive).isEmpty();
    assertThat(calls.used).isZero();
  }

  @Test
  void anIllegalAccessLosesTheDeviceAndLaterCallsFailAtOnce() {
    FakeCalls calls = new FakeCalls();
    GpuDevice device = new GpuDevice(new CudaDriver(H100, calls));
    Executable e = device.bind(program());
    e.run(3);
    Buffer buffer = device.allocate(Type.f32(10));
    calls.fail("synchronize", 700);
    assertThatThrownBy(e::finish)
        .isInstanceOfSatisfying(
            Failure.class,
            f -> {
              assertThat(f.kind()).isEqualTo(Failure.Kind.RETRY);
              assertThat(f.kind().exitCode()).isEqualTo(75);
              assertThat(f)
                  .hasMessageContaining("device cuda:0 is lost")
                  .hasMessageContaining("700");
            });
    int asked = calls.log.size();
    List<Runnable> later =
        List.of(
            e::run,
            e::finish,
            () -> e.run(10),
            buffer::floats,
            () -> buffer.write(new float[10], 0),
            () -> device.allocate(Type.f32(5)),
            () -> device.bind(program()));
    for (Runnable r : later) {
      assertThatThrownBy(r::run)
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.RETRY))
          .hasMessageContaining("is lost");
    }
    assertThat(calls.log).as("nothing more is asked of a lost device").hasSize(asked);
    e.close();
    device.close();
    assertThat(calls.log.subList(asked, calls.log.size())).containsExactly("close");
  }

  @Test
  void aFaultWhileAGraphIsMadeLeavesTheDriverUsable() {
    FakeCalls calls = new FakeCalls();
    with(
        calls,
        device -> {
          Executable e = device.bind(program());
          e.run();
          calls.fail("add launch small_run", 701);
          assertThatThrownBy(e::run)
              .isInstanceOfSatisfying(
                  Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.INTERNAL))
              .hasMessageContaining("LAUNCH_OUT_OF_RESOURCES")
              .hasMessageContaining("small_run")
              .hasMessageContaining("256x1x1");
          assertThat(calls.log).last().isEqualTo("destroy graph");
          e.run();
        });
  }

  @Test
  void whatCannotBeOpenedLeavesNothingBehind() {
    for (String call : List.of("open", "pinned", "event")) {
      FakeCalls calls = new FakeCalls();
      calls.fail(call, 801);
      assertThatThrownBy(() -> new CudaDriver(H100, calls))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.kind().exitCode()).isEqualTo(69));
      assertThat(calls.alive).isEmpty();
      assertThat(calls.log).last().isEqualTo(call.equals("open") ? "open" : "close");
    }
  }

  @Test
  void statusesOfTheDriverHaveKinds() {
    for (int status :
        new int[] {214, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 999, 12345}) {
      assertThat(CudaFault.of(status).kind()).isEqualTo(CudaFault.Kind.LOST);
      assertThat(CudaFault.of(status).failure("cuda:1", "x").kind().exitCode()).isEqualTo(75);
    }
    assertThat(CudaFault.of(2).failure("cuda:1", "x").shortOfMemory()).isTrue();
    assertThat(CudaFault.of(222).failure("cuda:1", "x").kind().exitCode()).isEqualTo(69);
    assertThat(CudaFault.of(218).failure("cuda:1", "x").kind().exitCode()).isEqualTo(70);
  }

  @Test
  void sizesOfThePoolLoseAnEighthAtMost() {
    for (long bytes = 1; bytes < 1L << 40; bytes += 1 + bytes / 7) {
      long size = CudaPool.size(bytes);
      assertThat(size % 512).isZero();
      assertThat(size).isBetween(bytes, Math.max(512, bytes + bytes / 8 + 512));
    }
  }
}
