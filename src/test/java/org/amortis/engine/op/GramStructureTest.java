package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("pure")
class GramStructureTest {
  @Test
  void sixteenBySixteenFallsIntoTheKnownBlocks() {
    GramStructure lattice = GramStructure.squareLattice(16);
    assertThat(lattice.lags()).isEqualTo(136);
    assertThat(lattice.blocks().stream().map(b -> b.size() + "x" + b.rightHandSides()))
        .containsExactly("36x1", "28x1", "36x1", "28x1", "64x2");
  }

  @Test
  void printsItsSizesAndNothingThatChangesFromRunToRun() {
    assertThat(GramStructure.squareLattice(16))
        .hasToString("order 256, lags 136, stages (2), blocks (36, 28, 36, 28, 2 x 64)");
    assertThat(SparseMap.selection(3, new int[] {2, 0})).hasToString("2 x 3 with 2 terms");
  }

  /// Q C Q^T entry by entry, for a covariance with no structure beyond the lags.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 16})
  void projectionTurnsTheCovarianceIntoItsBlocks(int side) {
    GramStructure lattice = GramStructure.squareLattice(side);
    int n = side * side;
    double[] table = new double[lattice.lags()];
    for (int k = 0; k < table.length; k++) {
      table[k] = (k + 1) * 0.6180339887498949 % 1;
    }
    int[] index = GramStructure.latticeLagIndex(side);
    double[] columns = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        int e = Math.max(i, j) * (Math.max(i, j) + 1) / 2 + Math.min(i, j);
        columns[j * n + i] = table[index[e]];
      }
    }
    double[] half = lattice.project(columns);
    double[] transposed = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        transposed[i * n + j] = half[j * n + i];
      }
    }
    double[] full = lattice.project(transposed);
    double[] expected = new double[n * n];
    double[] values = lattice.values(table, 0);
    int at = 0;
    for (GramStructure.Block block : lattice.blocks()) {
      double[] entries = new double[block.entries().rows()];
      block.entries().applyInto(values, 0, entries, 0);
      for (int r = 0; r < block.rightHandSides(); r++, at += block.size()) {
        for (int i = 0, e = 0; i < block.size(); i++) {
          for (int j = 0; j <= i; j++, e++) {
            expected[(at + i) * n + at + j] = entries[e];
            expected[(at + j) * n + at + i] = entries[e];
          }
        }
      }
    }
    assertThat(at).isEqualTo(n);
    assertThat(full).containsExactly(expected, within(1e-13));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 16})
  void projectionIsOrthonormal(int side) {
    GramStructure lattice = GramStructure.squareLattice(side);
    int n = side * side;
    double[] identity = new double[n * n];
    for (int i = 0; i < n; i++) {
      identity[i * (n + 1)] = 1;
    }
    double[] q = lattice.project(identity);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double dot = 0;
        for (int k = 0; k < n; k++) {
          dot += q[i * n + k] * q[j * n + k];
        }
        assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-15));
      }
    }
  }

  @Test
  void distancesStandWhereTheLagIndexPoints() {
    double[] distances = GramStructure.latticeDistances(4);
    int[] index = GramStructure.latticeLagIndex(4);
    for (int i = 0, k = 0; i < 16; i++) {
      for (int j = 0; j <= i; j++, k++) {
        double dx = (i / 4 - j / 4) / 3.0;
        double dy = (i % 4 - j % 4) / 3.0;
        assertThat(distances[index[k]])
            .isCloseTo(StrictMath.sqrt(dx * dx + dy * dy), within(1e-15));
      }
    }
  }

  @Test
  void sizesThatDoNotAgreeAreRefused() {
    GramStructure.Block block = new GramStructure.Block(2, 1, SparseMap.selection(3, new int[3]));
    SparseMap identity = SparseMap.selection(2, new int[] {0, 1});
    assertThatThrownBy(() -> new GramStructure(2, 4, List.of(), List.of(block), identity))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a block takes 3 values, not 4");
    assertThatThrownBy(() -> new GramStructure(3, 3, List.of(), List.of(block), identity))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GramStructure.squareLattice(1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SparseMap.selection(2, new int[] {2}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 8})
  void directEntriesAreThoseOfTheStages(int side) {
    GramStructure lattice = GramStructure.squareLattice(side);
    double[] table = new double[lattice.lags()];
    for (int k = 0; k < table.length; k++) {
      table[k] = (k + 1) * 0.6180339887498949 % 1;
    }
    double[] values = lattice.values(table, 0);
    List<SparseMap> direct = lattice.direct();
    assertThat(direct).hasSameSizeAs(lattice.blocks());
    for (int b = 0; b < direct.size(); b++) {
      SparseMap entries = lattice.blocks().get(b).entries();
      double[] expected = new double[entries.rows()];
      double[] found = new double[direct.get(b).rows()];
      entries.applyInto(values, 0, expected, 0);
      direct.get(b).applyInto(table, 0, found, 0);
      assertThat(found).containsExactly(expected, within(1e-14));
    }
    assertThatThrownBy(() -> direct.getFirst().after(SparseMap.selection(9, new int[] {1})))
        .hasMessageContaining("rows");
    assertThatThrownBy(() -> direct.getFirst().above(SparseMap.selection(1, new int[] {0})))
        .hasMessageContaining("columns above");
  }
}
