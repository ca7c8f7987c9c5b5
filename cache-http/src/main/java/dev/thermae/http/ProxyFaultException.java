package dev.thermae.http;

import java.io.IOException;

/** An answer of a proxy cannot be used. */
final class ProxyFaultException extends IOException {
  private static final long serialVersionUID = 1;

  private final ProxyFault fault;

  ProxyFaultException(ProxyFault fault, String detail) {
    super("the proxy: " + fault + ", " + detail);
    this.fault = fault;
  }

  ProxyFault fault() {
    return fault;
  }
}
