package org.amortis.studies;

import java.time.Instant;
import java.util.Optional;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.io.Json;
import org.amortis.io.RunFolder;

/// What run.json says about a run beside its settings: date, versions, machine, device.
public final class RunFacts {
  private RunFacts() {}

  /// Records the facts in a run folder.
  public static void record(RunFolder folder, StudyOptions o, Device device, Json.Obj seeds) {
    String version =
        Optional.ofNullable(RunFacts.class.getPackage().getImplementationVersion())
            .orElse("development");
    folder.record(
        folder
            .recorded()
            .with("started", Instant.now().toString())
            .with("java", System.getProperty("java.vm.name") + " " + Runtime.version())
            .with("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
            .with("processors", Runtime.getRuntime().availableProcessors())
            .with("threads", o.threads())
            .with("device_description", device.describe())
            .with("device_choice", o.device().equals("auto") ? Devices.auto().why() : "named")
            .with("version", version)
            .with("commit", System.getProperty("amortis.commit", ""))
            .with("seeds", seeds)
            .with("methods_last_run", String.join(",", o.methods())));
  }
}
