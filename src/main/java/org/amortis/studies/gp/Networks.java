package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.amortis.engine.Failure;
import org.amortis.io.Json;
import org.amortis.nn.train.Trained;
import org.amortis.studies.EarlierNetworks;
import org.amortis.studies.RunFacts;
import org.amortis.studies.StudyOptions;

/// The trained networks of a run: found in its folder, where those of an earlier run are copied, or
/// trained now.
final class Networks {
  private final Run run;
  private final Map<String, Fitted> fitted = new LinkedHashMap<>();

  Networks(Run run) {
    this.run = run;
  }

  /// The trained networks of a method, in the order of its parts.
  List<Trained> of(Method method) {
    if (!run.files.has(method.file())) {
      train(method);
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

  /// The networks of an earlier run that the chosen methods need, read before any work starts.
  ///
  /// @throws Failure DATA for one that is missing, damaged, newer or another method's
  static Optional<EarlierNetworks> earlier(StudyOptions o) {
    List<Method> methods =
        o.methods().stream().map(Methods::of).filter(m -> !m.parts().isEmpty()).toList();
    Optional<EarlierNetworks> earlier =
        EarlierNetworks.of(o, methods.stream().map(Method::file).toList());
    earlier.ifPresent(e -> methods.forEach(m -> NetworkCard.read(e.file(m.file()), m)));
    return earlier;
  }
}
