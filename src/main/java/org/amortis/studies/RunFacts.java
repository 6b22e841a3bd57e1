package org.amortis.studies;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.io.Json;
import org.amortis.io.RunFolder;
import org.amortis.nn.train.Trained;

/// What run.json says about a run: the settings that decide its results, and beside them date,
/// versions, machine, device and facts about each method.
public final class RunFacts {
  private RunFacts() {}

  /// Everything that decides the results of a study; methods and threads do not.
  ///
  /// @param budget what the profile spends
  /// @param networks digest of the networks that are used instead of training
  static Json.Obj settings(
      StudyOptions o, Device device, Json.Obj budget, Optional<String> networks) {
    Json.Obj settings =
        Json.Obj.empty()
            .with("study", o.study())
            .with("profile", o.profile().label())
            .with("seed", o.seed())
            .with("device", device.name())
            .with("budget", budget);
    if (o.data().isPresent()) {
      settings = settings.with("data_sha256", FileDigest.of(List.of(o.data().get()), false));
    }
    return networks.isEmpty() ? settings : settings.with("networks_sha256", networks.get());
  }

  /// Records the facts about a run as a whole in its folder.
  static void record(RunFolder folder, StudyOptions o, Device device, Json.Obj seeds) {
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

  /// Adds facts about a method; those of the same name are replaced, others stay.
  public static void add(RunFolder folder, String method, Json.Obj facts) {
    synchronized (folder) {
      Json.Obj known = of(folder, method);
      for (Map.Entry<String, Json> fact : facts.members().entrySet()) {
        known = known.with(fact.getKey(), fact.getValue());
      }
      folder.record(folder.recorded().with("methods", methods(folder).with(method, known)));
    }
  }

  /// The facts about a method; empty where there are none.
  public static Json.Obj of(RunFolder folder, String method) {
    return member(methods(folder), method);
  }

  private static Json.Obj methods(RunFolder folder) {
    return member(folder.recorded(), "methods");
  }

  private static Json.Obj member(Json.Obj of, String key) {
    return of.get(key).orElse(null) instanceof Json.Obj o ? o : Json.Obj.empty();
  }

  /// What is recorded about the training of a network.
  public static Json.Obj training(Trained network) {
    List<Trained.Epoch> history = network.history();
    return Json.Obj.empty()
        .with("train_seconds", network.seconds())
        .with("epochs", history.size())
        .with("best_epoch", network.bestEpoch())
        .with("train_loss", Json.of(history.stream().mapToDouble(Trained.Epoch::train).toArray()))
        .with(
            "validation_loss",
            Json.of(history.stream().mapToDouble(Trained.Epoch::validation).toArray()));
  }
}
