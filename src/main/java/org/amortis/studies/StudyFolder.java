package org.amortis.studies;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.io.Json;
import org.amortis.io.RunFolder;

/// What the run folder of a study holds, and the frame of every run in it.
///
/// @param options what the user asked for
/// @param out where the device is named when it is not the processor
/// @param files names that the study writes
/// @param budget what the profile spends, among the settings
/// @param seeds what run.json says about seeds
/// @param networks those of an earlier run that are used instead of training
public record StudyFolder(
    StudyOptions options,
    PrintStream out,
    List<String> files,
    Json.Obj budget,
    Json.Obj seeds,
    Optional<EarlierNetworks> networks) {
  /// Copies the list of names.
  public StudyFolder {
    files = List.copyOf(files);
  }

  /// The work of a study in its folder, on its device.
  @FunctionalInterface
  public interface Work {
    /// Does it.
    void in(RunFolder folder, Device device);
  }

  /// Opens device and folder, records what the run is, takes the networks of the earlier run, does
  /// the work and records how long it took.
  public void run(Work work) {
    StudyOptions o = options;
    try (Device device = Devices.open(o.device(), o.threads());
        RunFolder folder =
            RunFolder.open(
                o.out(),
                RunFacts.settings(o, device, budget, networks.map(EarlierNetworks::digest)),
                files,
                o.force())) {
      long started = System.nanoTime();
      if (!device.name().equals("cpu")) {
        out.println("device " + device.describe());
      }
      RunFacts.record(folder, o, device, seeds);
      networks.ifPresent(e -> e.copyInto(folder));
      work.in(folder, device);
      folder.record(
          folder.recorded().with("seconds_last_run", (System.nanoTime() - started) * 1e-9));
    }
  }
}
