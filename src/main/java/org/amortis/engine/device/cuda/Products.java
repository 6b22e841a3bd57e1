package org.amortis.engine.device.cuda;

/// Matrix products of a vendor's library on the driver's stream, rows stored one after the other.
interface Products extends AutoCloseable {
  /// Name and version, for people.
  String describe();

  /// Enqueues a batch of products; returns the library's status, 0 for success.
  int multiply(Product p);

  @Override
  void close();
}
