package org.amortis.nn.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Two data sets as one.
final class Mix {
  private Mix() {}

  static Dataset join(Dataset a, Dataset b) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < a.columns().size(); i++) {
      Column p = a.columns().get(i);
      Column q = b.columns().get(i);
      if (!p.name().equals(q.name()) || !p.sample().equals(q.sample())) {
        throw new IllegalArgumentException("columns differ: " + p.name() + " and " + q.name());
      }
      float[] both = Arrays.copyOf(p.values(), p.values().length + q.values().length);
      System.arraycopy(q.values(), 0, both, p.values().length, q.values().length);
      columns.add(new Column(p.name(), p.sample(), both));
    }
    return new Dataset(columns);
  }
}
