package org.amortis.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.amortis.engine.device.DeviceEntry;
import org.amortis.engine.device.Devices;
import org.amortis.io.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `amortis devices`: what can run here, and why the rest cannot.
@Command(
    name = "devices",
    versionProvider = Version.class,
    description = "List the devices of this machine.",
    footerHeading = "%nExamples:%n",
    footer = {"  amortis devices", "  amortis devices --json"})
final class DevicesCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private CommonOptions common;

  DevicesCommand(Session session) {
    this.session = session;
  }

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Override
  public Integer call() {
    List<DeviceEntry> list = Devices.list(Runtime.getRuntime().availableProcessors());
    Devices.Choice auto = Devices.auto();
    long heap = Runtime.getRuntime().maxMemory();
    if (json) {
      session.out().println(json(list, auto, heap));
    } else {
      print(session.out(), list, auto, heap);
    }
    return 0;
  }

  private static void print(
      PrintStream out, List<DeviceEntry> list, Devices.Choice auto, long heap) {
    String form = "%-10s %-10s %s%n";
    out.printf(form, "device", "state", "what");
    for (DeviceEntry e : list) {
      out.printf(form, e.name(), e.ready() ? "ready" : "absent", e.what());
    }
    out.printf("heap up to %d MiB; auto picks %s (%s)%n", heap >> 20, auto.name(), auto.why());
  }

  private static String json(List<DeviceEntry> list, Devices.Choice auto, long heap) {
    List<Json> entries = new ArrayList<>();
    for (DeviceEntry e : list) {
      entries.add(
          Json.Obj.empty()
              .with("name", e.name())
              .with("ready", e.ready())
              .with("kind", e.kind())
              .with("what", e.what())
              .with("driver", e.driver())
              .with("memory_bytes", e.memory())
              .with("float64", e.float64()));
    }
    return Json.Obj.empty()
        .with("auto", Json.Obj.empty().with("name", auto.name()).with("why", auto.why()))
        .with("heap_bytes", heap)
        .with("devices", new Json.Arr(entries))
        .pretty()
        .stripTrailing();
  }
}
