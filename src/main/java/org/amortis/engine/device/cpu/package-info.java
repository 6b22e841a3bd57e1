/// The embedded device: programs lowered to launches that a team of threads runs in phases, and the
/// interfaces of the kernels behind them.
package org.amortis.engine.device.cpu;
