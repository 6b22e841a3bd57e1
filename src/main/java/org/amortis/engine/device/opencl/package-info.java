/// OpenCL through JOCL: the only package that knows it.
package org.amortis.engine.device.opencl;
