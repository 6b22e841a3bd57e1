/// What CUDA and OpenCL have in common: programs lowered to launches of the kernels in `kernels/`,
/// bound once, replayed without allocation, over a [org.amortis.engine.device.gpu.Driver].
package org.amortis.engine.device.gpu;
