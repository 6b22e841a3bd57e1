/// CUDA through JCuda: the only package that knows it.
package org.amortis.engine.device.cuda;
