package org.amortis.engine.device;

/// One line of the list of devices.
///
/// @param name what `--device` takes
/// @param ready whether it can be opened
/// @param kind `processor`, `gpu`, `accelerator` or `oracle`
/// @param what description for people, or what is missing and how to get it
/// @param driver version of its driver; empty where it needs none
/// @param memory bytes; 0 where it is the heap or not known
/// @param float64 whether it computes in double
public record DeviceEntry(
    String name,
    boolean ready,
    String kind,
    String what,
    String driver,
    long memory,
    boolean float64) {}
