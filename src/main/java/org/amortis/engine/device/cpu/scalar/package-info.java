/// CPU kernels in plain Java, bit for bit equal to the vector ones.
package org.amortis.engine.device.cpu.scalar;
