package org.amortis.engine.op;

/// Compositions that pay as one kernel; each says in ops or in double arithmetic what it stands
/// for.
public sealed interface Fused extends Op
    permits Dense,
        Softmax,
        ConvPool,
        ConvPool.InputGradient,
        ConvPool.WeightGradient,
        RationalQuadratic,
        RationalQuadratic.Gradient,
        AffineCoupling,
        AffineCoupling.Gradient,
        ChebyshevSeries {}
