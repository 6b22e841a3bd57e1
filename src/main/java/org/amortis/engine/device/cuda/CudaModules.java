package org.amortis.engine.device.cuda;

import java.util.HashMap;
import java.util.Map;
import org.amortis.engine.device.gpu.Kernel;

/// Loaded modules of one context, one for each kernel that was asked for.
final class CudaModules implements AutoCloseable {
  /// A module and the function in it.
  private record Loaded(Object module, Object function) {}

  private final CudaDriver driver;
  private final Calls calls;
  private final int capability;
  private final Map<Kernel, Loaded> loaded = new HashMap<>();

  CudaModules(CudaDriver driver, Calls calls, int capability) {
    this.driver = driver;
    this.calls = calls;
    this.capability = capability;
  }

  /// The function of a kernel, loaded at its first use.
  Object function(Kernel kernel) {
    Loaded known = loaded.get(kernel);
    if (known == null) {
      known = load(kernel);
      loaded.put(kernel, known);
    }
    return known.function;
  }

  private Loaded load(Kernel kernel) {
    byte[] ptx = Ptx.of(kernel, capability);
    Object[] module = new Object[1];
    driver.check(calls.module(ptx, module), "loading kernel " + kernel);
    Object[] function = new Object[1];
    int status = calls.function(module[0], kernel.entry(), function);
    if (status != 0) {
      calls.unload(module[0]);
      driver.check(status, "finding kernel " + kernel);
    }
    return new Loaded(module[0], function[0]);
  }

  @Override
  public void close() {
    loaded.values().forEach(l -> calls.unload(l.module));
    loaded.clear();
  }
}
