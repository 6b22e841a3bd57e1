package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// Launches gathered in groups that become one launch each; a group is known by its first.
final class LaunchGroups {
  private final int[] home;

  LaunchGroups(int launches) {
    home = new int[launches];
    Arrays.setAll(home, i -> i);
  }

  private LaunchGroups(int[] home) {
    this.home = home;
  }

  LaunchGroups copy() {
    return new LaunchGroups(home.clone());
  }

  /// The group of a launch.
  int of(int launch) {
    return home[launch];
  }

  /// Makes the groups of two launches one.
  void merge(int i, int k) {
    int a = home[i];
    int b = home[k];
    int to = StrictMath.min(a, b);
    for (int n = 0; n < home.length; n++) {
      home[n] = home[n] == a || home[n] == b ? to : home[n];
    }
  }

  /// The groups by their first, each with its launches in order.
  Map<Integer, List<Integer>> all() {
    Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < home.length; i++) {
      groups.computeIfAbsent(home[i], k -> new ArrayList<>()).add(i);
    }
    return groups;
  }

  /// The groups in an order in which each uses only what earlier ones make, near the order of the
  /// list: what is used soon lies in memory shortly.
  List<List<Integer>> sequence(Dependencies order) {
    Map<Integer, List<Integer>> groups = all();
    Map<Integer, Set<Integer>> waiting = new HashMap<>();
    Map<Integer, List<Integer>> next = new HashMap<>();
    for (int i = 0; i < home.length; i++) {
      waiting.computeIfAbsent(home[i], k -> new HashSet<>());
      for (int k : order.after(i)) {
        if (home[k] != home[i] && waiting.get(home[i]).add(home[k])) {
          next.computeIfAbsent(home[k], g -> new ArrayList<>()).add(home[i]);
        }
      }
    }
    PriorityQueue<Integer> ready =
        new PriorityQueue<>(Comparator.comparingInt(g -> groups.get(g).getLast()));
    waiting.forEach((g, before) -> {
      if (before.isEmpty()) {
        ready.add(g);
      }
    });
    List<List<Integer>> sequence = new ArrayList<>();
    while (!ready.isEmpty()) {
      int g = ready.poll();
      sequence.add(groups.get(g));
      for (int k : next.getOrDefault(g, List.of())) {
        waiting.get(k).remove(g);
        if (waiting.get(k).isEmpty()) {
          ready.add(k);
        }
      }
    }
    if (sequence.size() != groups.size()) {
      throw new IllegalStateException("joined launches wait for each other");
    }
    return sequence;
  }
}
