package dev.thermae.http.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Dns;

/**
 * Resolves once, and gives those addresses that are not special. Thread-safe; equal when the
 * resolver is, without which OkHttp would use no connection twice.
 */
record GuardedDns(Dns resolver) implements Dns {
  private static final System.Logger LOG = System.getLogger("dev.thermae");

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    List<InetAddress> open = new ArrayList<>();
    for (InetAddress address : resolver.lookup(host)) {
      String special = SpecialAddresses.nameOf(address);
      if (special == null) {
        open.add(address);
      } else {
        LOG.log(
            System.Logger.Level.DEBUG,
            host + " has the address " + address.getHostAddress() + ", refused: " + special);
      }
    }
    if (open.isEmpty()) {
      throw new RefusedException(host + " has no address on the public internet");
    }
    return open;
  }
}
