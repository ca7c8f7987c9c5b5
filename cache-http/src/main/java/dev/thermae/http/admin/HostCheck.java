package dev.thermae.http.admin;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a request may name. A page of somebody else's that has its own name lead here (DNS
 * rebinding) still sends that name; an address is no name, and leads nowhere else. Immutable.
 */
final class HostCheck {
  private final Set<String> names = new HashSet<>();

  /** Addresses, {@code localhost}, and these names. */
  HostCheck(Set<String> names) {
    this.names.add("localhost");
    for (String name : names) {
      this.names.add(name.toLowerCase(Locale.ROOT));
    }
  }

  /** Whether a host, without its port, is one of ours. */
  boolean allows(@Nullable String host) {
    if (host == null || host.isEmpty()) {
      return false;
    }
    return isAddress(host) || names.contains(host.toLowerCase(Locale.ROOT));
  }

  /** Four numbers, or an address of IPv6 with or without brackets. */
  private static boolean isAddress(String host) {
    if (host.matches("\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?")) {
      return true;
    }
    return host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }
}
