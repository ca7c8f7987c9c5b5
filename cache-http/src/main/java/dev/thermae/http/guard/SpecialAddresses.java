package dev.thermae.http.guard;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that do not lead to the public internet. Source: IANA's IPv4 and IPv6 Special-Purpose
 * Address Registries (RFC 6890, RFC 8190), as of 2025-10, and its IPv4 Multicast and IPv6 Address
 * Space registries. Stricter than they are: blocks that are globally reachable, but hold no web
 * servers, such as anycast addresses of protocols, are special here, too. Pure.
 */
final class SpecialAddresses {
  private static final List<Block> V4 =
      List.of(
          block("this network", 8, 0),
          block("private use", 8, 10),
          block("shared address space", 10, 100, 64),
          block("loopback", 8, 127),
          block("link local", 16, 169, 254),
          block("private use", 12, 172, 16),
          block("IETF protocol assignments", 24, 192, 0, 0),
          block("documentation", 24, 192, 0, 2),
          block("AS112", 24, 192, 31, 196),
          block("AMT", 24, 192, 52, 193),
          block("6to4 relay anycast", 24, 192, 88, 99),
          block("private use", 16, 192, 168),
          block("AS112", 24, 192, 175, 48),
          block("benchmarking", 15, 198, 18),
          block("documentation", 24, 198, 51, 100),
          block("documentation", 24, 203, 0, 113),
          block("multicast", 4, 224),
          block("reserved", 4, 240),
          // Not in the registry: what Azure's hosts answer their guests on.
          block("platform services of a cloud", 32, 168, 63, 129, 16));

  /** Embeds an IPv4 address in its last four bytes, and is as special as that (RFC 6052). */
  private static final Block TRANSLATED =
      block("IPv4-IPv6 translation", 96, 0x00, 0x64, 0xff, 0x9b);

  /** Outside it nothing is allocated to hosts of the internet (RFC 4291, RFC 3587). */
  private static final Block GLOBAL_UNICAST = block("global unicast", 3, 0x20);

  private static final List<Block> V6 =
      List.of(
          block("IETF protocol assignments, Teredo among them", 23, 0x20, 0x01),
          block("documentation", 32, 0x20, 0x01, 0x0d, 0xb8),
          block("6to4", 16, 0x20, 0x02),
          block("AS112", 48, 0x26, 0x20, 0x00, 0x4f, 0x80, 0x00),
          block("documentation", 20, 0x3f, 0xff));

  private SpecialAddresses() {}

  /** Addresses that begin with {@code bits} of {@code prefix}; missing bytes are zero. */
  private static final class Block {
    private final String name;
    private final int bits;
    private final byte[] prefix;

    Block(String name, int bits, byte[] prefix) {
      this.name = name;
      this.bits = bits;
      this.prefix = prefix;
    }

    boolean has(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        int wanted = bit / 8 < prefix.length ? prefix[bit / 8] & mask : 0;
        if ((address[bit / 8] & mask) != wanted) {
          return false;
        }
      }
      return true;
    }
  }

  private static Block block(String name, int bits, int... octets) {
    byte[] prefix = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      prefix[i] = (byte) octets[i];
    }
    return new Block(name, bits, prefix);
  }

  /** What is special about {@code address}; null for one on the public internet. */
  static @Nullable String nameOf(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? nameIn(V4, bytes) : nameOfSix(bytes);
  }

  private static @Nullable String nameOfSix(byte[] bytes) {
    if (TRANSLATED.has(bytes)) {
      return nameIn(V4, Arrays.copyOfRange(bytes, 12, 16));
    }
    return GLOBAL_UNICAST.has(bytes) ? nameIn(V6, bytes) : "not global unicast";
  }

  private static @Nullable String nameIn(List<Block> blocks, byte[] address) {
    for (Block block : blocks) {
      if (block.has(address)) {
        return block.name;
      }
    }
    return null;
  }
}
