package org.amortis.engine.op;

/// Contractions: matrix products, convolutions and pooling. Images are channels-last.
public sealed interface Contract extends Op
    permits MatMul,
        Conv2d,
        Conv2d.InputGradient,
        Conv2d.WeightGradient,
        MaxPool,
        MaxPool.InputGradient {}
