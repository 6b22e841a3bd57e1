/// The only door to hardware: devices, their buffers, and programs bound to them.
package org.amortis.engine.device;
