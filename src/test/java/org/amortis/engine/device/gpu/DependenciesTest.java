package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Which launches wait for which, against all pairs.
@Tag("pure")
class DependenciesTest {
  private static List<List<Access>> random(SplittableRandom r) {
    Object[] memories = {new Object(), new Object(), new Object()};
    List<List<Access>> launches = new ArrayList<>();
    int n = r.nextInt(1, 9);
    for (int i = 0; i < n; i++) {
      List<Access> all = new ArrayList<>();
      int m = r.nextInt(0, 5);
      for (int k = 0; k < m; k++) {
        long from = r.nextInt(12);
        long to = r.nextInt(9) == 0 ? Long.MAX_VALUE : from + r.nextInt(1, 6);
        all.add(new Access(memories[r.nextInt(3)], from, to, r.nextInt(3) == 0));
      }
      launches.add(all);
    }
    return launches;
  }

  /// Whether launch i must come after launch j, because of these two alone.
  private static boolean meet(List<List<Access>> launches, int i, int j) {
    for (Access a : launches.get(i % launches.size())) {
      for (Access b : launches.get(j % launches.size())) {
        if (a.meets(b)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void pathsAreThoseOfAllPairsAndNoEdgeIsOneTooMany() {
    SplittableRandom r = new SplittableRandom(1);
    for (int round = 0; round < 2000; round++) {
      List<List<Access>> launches = random(r);
      int times = r.nextInt(1, 5);
      Dependencies d = Dependencies.of(launches, times);
      int n = launches.size() * times;
      boolean[][] expected = new boolean[n][n];
      boolean[][] found = new boolean[n][n];
      int[] depth = new int[n];
      int longest = 0;
      for (int i = 0; i < n; i++) {
        for (int j = i - 1; j >= 0; j--) {
          if (!expected[i][j] && meet(launches, i, j)) {
            expected[i][j] = true;
            depth[i] = Math.max(depth[i], depth[j]);
            for (int k = 0; k < j; k++) {
              expected[i][k] |= expected[j][k];
            }
          }
        }
        for (int k = 0; k < i; k++) {
          depth[i] = expected[i][k] ? Math.max(depth[i], depth[k]) : depth[i];
        }
        longest = Math.max(longest, ++depth[i]);
        for (int j : d.after(i)) {
          assertThat(found[i][j]).as("an edge that others imply").isFalse();
          found[i][j] = true;
        }
        for (int j : d.after(i)) {
          for (int k = 0; k < j; k++) {
            assertThat(found[j][k] && contains(d.after(i), k)).isFalse();
            found[i][k] |= found[j][k];
          }
        }
        assertThat(found[i]).isEqualTo(expected[i]);
      }
      assertThat(d.size()).isEqualTo(n);
      assertThat(d.longest()).isEqualTo(longest);
    }
  }

  private static boolean contains(int[] values, int k) {
    for (int v : values) {
      if (v == k) {
        return true;
      }
    }
    return false;
  }

  @Test
  void readersOfTheSameBytesRunSideBySideAWriterWaitsForThemAll() {
    Object m = new Object();
    Access write = new Access(m, 0, 8, true);
    Access first = new Access(m, 0, 4, false);
    Access second = new Access(m, 2, 8, false);
    Access other = new Access(new Object(), 0, 8, true);
    Dependencies d =
        Dependencies.of(
            List.of(
                List.of(write), List.of(first), List.of(second), List.of(other), List.of(write)),
            1);
    assertThat(d.after(1)).containsExactly(0);
    assertThat(d.after(2)).containsExactly(0);
    assertThat(d.after(3)).isEmpty();
    assertThat(d.after(4)).containsExactly(1, 2);
    assertThat(d.longest()).isEqualTo(3);
    assertThat(Dependencies.chain(4).longest()).isEqualTo(4);
  }

  @Test
  void manyRunsAreQuicklyDone() {
    List<List<Access>> launches = new ArrayList<>();
    Object[] m = new Object[40];
    for (int i = 0; i < m.length; i++) {
      m[i] = new Object();
    }
    for (int i = 0; i + 1 < m.length; i++) {
      launches.add(List.of(new Access(m[i], 0, 100, false), new Access(m[i + 1], 0, 100, true)));
    }
    Dependencies d = Dependencies.of(launches, Recording.MOST / launches.size());
    assertThat(d.longest()).isGreaterThan(launches.size());
  }
}
