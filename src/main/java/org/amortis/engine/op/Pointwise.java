package org.amortis.engine.op;

/// Ops that work on each element alone, with broadcasting.
public sealed interface Pointwise extends Op permits Unary, LeakyRelu, Cast, Binary, Select {}
