package org.amortis.engine.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.op.Update;
import org.amortis.engine.program.Program;

/// New values of state that an element-wise update may write over the old ones.
public final class InPlace {
  private InPlace() {}

  /// For each such value, the state whose memory it takes.
  ///
  /// @param steps in order of execution
  public static Map<Program.Value, Program.Value> of(
      Program program, Aliases aliases, List<Fusion.Step> steps) {
    Map<Integer, Integer> position = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Program.Node n : steps.get(i).nodes()) {
        position.put(n.id(), i);
      }
    }
    Map<Program.Value, Program.Value> places = new HashMap<>();
    program
        .updates()
        .forEach((label, v) -> {
          Program.Value state = new Program.Value(program.inputs().get(label).id(), 0);
          Program.Node writer = program.nodes().get(v.node());
          if (writer.op() instanceof Update u
              && aliases.of(v).root().equals(v)
              && !places.containsKey(v)
              && elementwise(writer, u, v.output(), state, aliases)
              && !readLater(steps, position.get(writer.id()), state, aliases)) {
            places.put(v, state);
          }
        });
    return places;
  }

  private static boolean readLater(
      List<Fusion.Step> steps, int writer, Program.Value state, Aliases aliases) {
    return steps.subList(writer + 1, steps.size()).stream()
        .flatMap(s -> s.nodes().stream())
        .flatMap(n -> n.in().stream())
        .anyMatch(v -> aliases.of(v).root().equals(state));
  }

  /// Whether an update reads a state, if at all, only where its result belongs: element k of the
  /// result from element k of the state.
  private static boolean elementwise(
      Program.Node node, Update update, int result, Program.Value state, Aliases aliases) {
    int own =
        switch (update) {
          case Update.Adam a -> result == 0 ? 0 : result + 1;
          case RandomWalk.Propose p -> -1;
          case RandomWalk.Accept a -> result;
          case RandomWalk.Keep k -> 0;
        };
    for (int i = 0; i < node.in().size(); i++) {
      if (aliases.of(node.in().get(i)).root().equals(state) && i != own) {
        return false;
      }
    }
    return true;
  }
}
