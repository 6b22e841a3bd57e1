/// CPU kernels written with the Vector API; the only package that may import it.
package org.amortis.engine.device.cpu.vector;
