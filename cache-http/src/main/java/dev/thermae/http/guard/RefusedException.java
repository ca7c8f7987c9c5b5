package dev.thermae.http.guard;

import java.net.UnknownHostException;

/**
 * An {@link OriginGuard} refused a request: its origin is not allowed, or has no address that may
 * be reached. The message names the origin and never an address that it was found to have.
 */
public final class RefusedException extends UnknownHostException {
  private static final long serialVersionUID = 1;

  RefusedException(String message) {
    super(message);
  }
}
