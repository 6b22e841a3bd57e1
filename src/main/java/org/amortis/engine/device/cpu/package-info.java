/// CPU kernels on arrays: interfaces and shared constants.
package org.amortis.engine.device.cpu;
