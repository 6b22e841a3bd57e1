package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// Runs every case of [OpCases] on a device, against the oracle and twice for the same bytes, where
/// there is no test runner: `DeviceCheck DEVICE [every n-th case [of this op [for so many
/// seconds]]]`.
///
/// Cases of all ops come early: every eighth case first, then their neighbours; what is left when
/// time is up is counted. Chains and large products follow; `products` instead of an op's name
/// means products of float32 alone. Where `AMORTIS_PRODUCTS` asks for operands of TF32, they may be
/// as far off as those are. Prints a line a fault and, last, one line of JSON. The process ends
/// with 1 when a case is wrong.
public final class DeviceCheck {
  private static final int MOST_FAULTS = 40;

  /// Cases from one to the next of a pass.
  private static final int STRIDE = 8;

  private final Device reference = new ReferenceDevice();
  private final Device device;
  private final boolean gpu;
  private final boolean rounded;
  private final long end;
  private int cases;
  private int left;
  private boolean lost;
  private int faults;

  private DeviceCheck(Device device, long end) {
    this.device = device;
    this.end = end;
    this.gpu = !device.name().equals("cpu");
    String products = System.getenv().getOrDefault("AMORTIS_PRODUCTS", "");
    this.rounded = device.name().startsWith("cuda") && products.replace(":all", "").equals("tf32");
  }

  /// Checks the device that the arguments name.
  public static void main(String[] arguments) {
    int every = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    long start = System.nanoTime();
    double seconds = arguments.length > 3 ? Double.parseDouble(arguments[3]) : 1e6;
    try (Device device = Devices.open(arguments[0], Runtime.getRuntime().availableProcessors())) {
      System.out.println(device.describe());
      DeviceCheck check = new DeviceCheck(device, start + (long) (seconds * 1e9));
      String ops = arguments.length > 2 ? arguments[2] : "";
      check.registry(every, ops);
      if (!ops.equals("products")) {
        check.chains();
      }
      check.products();
      System.out.printf(
          Locale.ROOT,
          "{\"cases\": %d, \"wrong\": %d, \"left\": %d, \"seconds\": %.1f}%n",
          check.cases,
          check.faults,
          check.left,
          (System.nanoTime() - start) * 1e-9);
      System.exit(check.faults == 0 ? 0 : 1);
    } catch (Failure e) {
      System.out.println(e.getMessage());
      System.exit(e.kind().exitCode());
    }
  }

  private void products() {
    if (lost || faults >= MOST_FAULTS || System.nanoTime() > end) {
      left += ProductCheck.count();
      return;
    }
    cases += ProductCheck.count();
    ProductCheck.faults(device, rounded).forEach(this::wrong);
  }

  private static boolean product(OpCase c) {
    return c.op() instanceof MatMul || c.op() instanceof Dense;
  }

  private Tolerance tolerance(OpCase c, boolean single) {
    if (rounded && single && product(c)) {
      return new Tolerance(0, 1 << 14);
    }
    return gpu ? Tolerance.onGpu(c.op()) : Tolerance.of(c.op());
  }

  private void registry(int every, String op) {
    boolean products = op.equals("products");
    List<OpCase> all = new ArrayList<>();
    OpCases.of(DType.FLOAT32).stream()
        .filter(c -> products ? product(c) : c.op().name().startsWith(op))
        .forEach(all::add);
    int singles = all.size();
    OpCases.of(DType.FLOAT64).stream().filter(c -> c.op().name().startsWith(op)).forEach(all::add);
    for (int pass = 0; pass < STRIDE; pass++) {
      for (int i = pass * every; i < all.size(); i += STRIDE * every) {
        if (lost || faults >= MOST_FAULTS || System.nanoTime() > end) {
          left++;
          continue;
        }
        OpCase c = all.get(i);
        check(c, c.program(), tolerance(c, i < singles));
        if (i >= singles && !c.wrt().isEmpty()) {
          check(c, c.gradient(), Tolerance.ofGradient(c.op()));
        }
      }
      System.out.println(cases + " cases, " + faults + " wrong, " + left + " left out so far");
    }
  }

  /// Runs of many steps at once against the oracle's, one by one.
  private void chains() {
    for (ChainPrograms.Case c : ChainPrograms.of(DType.FLOAT64)) {
      if (lost) {
        left++;
        continue;
      }
      cases++;
      Map<String, double[]> expected = c.run(reference, 6);
      Map<String, double[]> found;
      try {
        found = c.run(device, 6);
      } catch (RuntimeException e) {
        wrong("chains " + c.label() + ": " + e);
        continue;
      }
      for (String label : expected.keySet()) {
        Type type = c.program().inputs().get(label).types().getFirst();
        String fault = new Tolerance(4096, 4096).fault(type, found.get(label), expected.get(label));
        if (fault != null) {
          wrong("chains " + c.label() + ", " + label + ": " + fault);
          break;
        }
      }
    }
  }

  private void wrong(String what) {
    faults++;
    System.out.println("WRONG " + what);
  }

  private void check(OpCase c, Program p, Tolerance tolerance) {
    cases++;
    String fault;
    try {
      fault = fault(c, p, tolerance);
    } catch (RuntimeException e) {
      fault = e.toString();
      // Nothing works any more: what follows says nothing about its own kernels.
      lost = e instanceof Failure f && f.kind() == Failure.Kind.RETRY;
    }
    if (fault != null) {
      wrong(p.name() + " " + c + ": " + fault);
    }
  }

  private String fault(OpCase c, Program p, Tolerance tolerance) {
    List<double[]> expected = OpCase.run(reference, p, c.values());
    List<double[]> found = OpCase.run(device, p, c.values());
    List<double[]> again = OpCase.run(device, p, c.values());
    List<Program.Value> outputs = new ArrayList<>(p.outputs().values());
    for (int i = 0; i < found.size(); i++) {
      String fault = tolerance.fault(p.type(outputs.get(i)), found.get(i), expected.get(i));
      if (fault != null) {
        return "result " + i + ": " + fault;
      }
      if (!Arrays.equals(again.get(i), found.get(i))) {
        return "result " + i + " has other bytes the second time";
      }
    }
    return null;
  }
}
