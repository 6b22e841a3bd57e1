package org.amortis.studies.gp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.nn.train.Trained;
import org.amortis.studies.RunFacts;
import org.amortis.studies.StudyOptions;

/// The trained networks of a run: found in its folder, taken from an earlier run, or trained now.
final class Networks {
  private final Run run;
  private final Map<String, Fitted> fitted = new LinkedHashMap<>();

  Networks(Run run) {
    this.run = run;
  }

  /// The trained networks of a method, in the order of its parts.
  List<Trained> of(Method method) {
    if (!run.files.has(method.file())) {
      if (run.options.networks().isPresent()) {
        adopt(method);
      } else {
        train(method);
      }
    }
    return NetworkCard.read(run.files.path(method.file()), method).stream()
        .map(Fitted::trained)
        .toList();
  }

  /// One network: trained before in this run, found in the file of a method that shares it, or
  /// trained now.
  Fitted part(NetworkPart part) {
    Fitted known = fitted.get(part.name());
    if (known == null) {
      known = shared(part);
      if (known == null) {
        known = part.train(run);
      }
      fitted.put(part.name(), known);
    }
    return known;
  }

  private Fitted shared(NetworkPart part) {
    for (Method m : Methods.all()) {
      for (int i = 0; i < m.parts().size(); i++) {
        if (m.parts().get(i).name().equals(part.name()) && run.files.has(m.file())) {
          double seconds = run.files.fact(m.name(), "networks", part.name(), "train_seconds");
          return NetworkCard.read(run.files.path(m.file()), m).get(i).took(seconds);
        }
      }
    }
    return null;
  }

  private void train(Method method) {
    List<Fitted> networks = new ArrayList<>();
    double seconds = 0;
    Json.Obj facts = Json.Obj.empty();
    for (NetworkPart p : method.parts()) {
      Fitted f = part(p);
      networks.add(f);
      seconds += f.trained().seconds();
      facts = facts.with(p.name(), RunFacts.training(f.trained()));
    }
    // Facts before files: a finished file is never computed again.
    run.files.record(
        method.name(),
        networks.size() == 1
            ? RunFacts.training(networks.getFirst().trained())
            : Json.Obj.empty().with("train_seconds", seconds).with("networks", facts));
    run.files.write(method.file(), out -> NetworkCard.write(out, method, networks));
  }

  /// Copies the networks of an earlier run into this one's folder, unchanged.
  private void adopt(Method method) {
    Path file = run.options.networks().get().resolve(method.file());
    try {
      byte[] bytes = Files.readAllBytes(file);
      run.files.write(method.file(), out -> out.write(bytes));
    } catch (IOException e) {
      throw Failure.storage(file + ": cannot be read: " + e.getMessage()).causedBy(e);
    }
  }

  /// Reads every network that the chosen methods need, before any work starts.
  ///
  /// @throws Failure DATA for one that is missing, damaged, newer or another method's
  static void check(StudyOptions o) {
    if (o.networks().isEmpty()) {
      return;
    }
    for (String name : o.methods()) {
      Method method = Methods.of(name);
      if (!method.parts().isEmpty()) {
        Path file = o.networks().get().resolve(method.file());
        if (!Files.isRegularFile(file)) {
          throw Failure.data(file + ": no such network")
              .advise("name a run folder that has it, or train it without --networks");
        }
        NetworkCard.read(file, method);
      }
    }
  }
}
