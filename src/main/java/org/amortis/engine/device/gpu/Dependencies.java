package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which launches of a list must wait for which: those that touch the same bytes, where one of the
/// two writes them.
///
/// Any order of the launches that keeps these pairs gives the bytes that the list gives. Pairs that
/// follow from others are left out.
public final class Dependencies {
  private final int[][] after;
  private final BitSet[] before;

  private Dependencies(int[][] after, BitSet[] before) {
    this.after = after;
    this.before = before;
  }

  /// Bytes that the same launches touched last.
  private static final class Segment {
    final long to;
    final int writer;
    final List<Integer> readers;

    Segment(long to, int writer, List<Integer> readers) {
      this.to = to;
      this.writer = writer;
      this.readers = readers;
    }
  }

  /// The pairs of a list that is gone through so many times.
  ///
  /// @param launches what each launch does to memory
  public static Dependencies of(List<List<Access>> launches, int times) {
    Map<Object, TreeMap<Long, Segment>> known = new IdentityHashMap<>();
    int n = launches.size() * times;
    int[][] after = new int[n][];
    BitSet[] before = new BitSet[n];
    for (int i = 0; i < n; i++) {
      Set<Integer> found = new HashSet<>();
      for (Access a : launches.get(i % launches.size())) {
        touch(known.computeIfAbsent(a.memory(), k -> new TreeMap<>()), a, i, found);
      }
      found.remove(i);
      before[i] = new BitSet(i);
      after[i] = reduced(found, before, i);
    }
    return new Dependencies(after, before);
  }

  /// Every launch after the one before it, as on an in-order queue.
  public static Dependencies chain(int launches) {
    int[][] after = new int[launches][];
    BitSet[] before = new BitSet[launches];
    for (int i = 0; i < launches; i++) {
      after[i] = i == 0 ? new int[0] : new int[] {i - 1};
      before[i] = new BitSet(i);
      before[i].set(0, i);
    }
    return new Dependencies(after, before);
  }

  /// Adds to `found` whom launch i must wait for because of an access, and remembers the access.
  private static void touch(TreeMap<Long, Segment> known, Access a, int i, Set<Integer> found) {
    cut(known, a.from());
    cut(known, a.to());
    long at = a.from();
    List<Long> starts = new ArrayList<>(known.subMap(a.from(), a.to()).keySet());
    for (long start : starts) {
      Segment s = known.get(start);
      if (s.writer >= 0) {
        found.add(s.writer);
      }
      if (a.writes()) {
        found.addAll(s.readers);
      } else {
        if (at < start) {
          known.put(at, new Segment(start, -1, new ArrayList<>(List.of(i))));
        }
        s.readers.add(i);
        at = s.to;
      }
    }
    if (a.writes()) {
      starts.forEach(known::remove);
      known.put(a.from(), new Segment(a.to(), i, new ArrayList<>()));
    } else if (at < a.to()) {
      known.put(at, new Segment(a.to(), -1, new ArrayList<>(List.of(i))));
    }
  }

  /// Makes a segment end where another begins.
  private static void cut(TreeMap<Long, Segment> known, long at) {
    Map.Entry<Long, Segment> e = known.lowerEntry(at);
    if (e != null && at < e.getValue().to) {
      Segment s = e.getValue();
      known.put(e.getKey(), new Segment(at, s.writer, s.readers));
      known.put(at, new Segment(s.to, s.writer, new ArrayList<>(s.readers)));
    }
  }

  /// Those of `found` that no other of them comes after; sets everything before launch i.
  private static int[] reduced(Set<Integer> found, BitSet[] before, int i) {
    int[] descending = found.stream().mapToInt(k -> -k).sorted().map(k -> -k).toArray();
    List<Integer> kept = new ArrayList<>();
    for (int k : descending) {
      if (!before[i].get(k)) {
        kept.add(k);
        before[i].set(k);
        before[i].or(before[k]);
      }
    }
    return kept.stream().mapToInt(k -> k).sorted().toArray();
  }

  /// How many launches there are.
  public int size() {
    return after.length;
  }

  /// The launches that one of them waits for, ascending; not those that these wait for.
  public int[] after(int launch) {
    return after[launch].clone();
  }

  /// All launches that come before one of them whatever the order; not to be changed.
  BitSet before(int launch) {
    return before[launch];
  }

  /// Launches on the longest path of such pairs: as many must run one after the other.
  public int longest() {
    int[] depth = new int[after.length];
    int most = 0;
    for (int i = 0; i < after.length; i++) {
      for (int k : after[i]) {
        depth[i] = StrictMath.max(depth[i], depth[k]);
      }
      most = StrictMath.max(most, ++depth[i]);
    }
    return most;
  }
}
