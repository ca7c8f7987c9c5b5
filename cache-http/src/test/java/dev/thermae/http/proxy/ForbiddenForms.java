package dev.thermae.http.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Hosts, as they are written in URLs, that lead to addresses that nobody outside may name. */
final class ForbiddenForms {
  private static final List<String> FOUR =
      List.of(
          "0.0.0.0",
          "0.1.2.3",
          "10.0.0.1",
          "10.255.255.254",
          "100.64.0.1",
          "100.100.100.200",
          "127.0.0.1",
          "127.0.0.2",
          "127.1.2.3",
          "127.255.255.254",
          "168.63.129.16",
          "169.254.0.1",
          "169.254.169.254",
          "172.16.0.1",
          "172.31.255.254",
          "192.0.0.170",
          "192.0.2.1",
          "192.88.99.1",
          "192.168.0.1",
          "192.168.255.254",
          "198.18.0.1",
          "198.19.255.254",
          "198.51.100.1",
          "203.0.113.1",
          "224.0.0.1",
          "239.255.255.255",
          "240.0.0.1",
          "255.255.255.255");

  private static final List<String> SIX =
      List.of(
          "::",
          "::1",
          "0:0:0:0:0:0:0:1",
          "0000::0001",
          "::ffff:0:1",
          "100::1",
          "100:0:0:1::1",
          "64:ff9b:1::808:808",
          "2001::1",
          "2001:2::1",
          "2001:10::1",
          "2001:db8::1",
          "2620:4f:8000::1",
          "3fff::1",
          "5f00::1",
          "fc00::1",
          "fd00:ec2::254",
          "fdff::1",
          "fe80::1",
          "FE80::a9fe:a9fe",
          "febf::1",
          "fec0::1",
          "ff02::1",
          "ff0e::1",
          "8000::1");

  private ForbiddenForms() {}

  /** Each once. */
  static List<String> all() {
    List<String> forms = new ArrayList<>();
    for (String four : FOUR) {
      String[] parts = four.split("\\.", -1);
      int[] octets = new int[4];
      for (int i = 0; i < 4; i++) {
        octets[i] = Integer.parseInt(parts[i]);
      }
      decimal(forms, four, octets);
      embedded(forms, four, octets);
    }
    SIX.forEach(six -> forms.add('[' + six + ']'));
    forms.addAll(List.of("localhost", "LocalHost", "localhost.", "[fe80::1%251]"));
    return forms.stream().distinct().toList();
  }

  /**
   * Whether the JDK, but not others, reads an address on the internet in a form: it takes octal
   * numbers for decimal ones.
   */
  static boolean isOctal(String form) {
    return form.matches("0[0-7]+(\\.0[0-7]*)*");
  }

  private static void decimal(List<String> forms, String four, int[] octets) {
    long number = (long) octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3];
    forms.add(four);
    forms.add(four + '.');
    forms.add(Long.toString(number));
    forms.add("0x" + Long.toHexString(number));
    forms.add('0' + Long.toOctalString(number));
    forms.add(format("0x%x.0x%x.0x%x.0x%x", octets));
    forms.add(format("0%o.0%o.0%o.0%o", octets));
    forms.add(octets[0] + "." + (number & 0xffffff));
    forms.add(octets[0] + "." + octets[1] + "." + (number & 0xffff));
    forms.add(four.replace('.', '\u3002')); // an ideographic full stop, which IDNA maps
    forms.add(four.replace('1', '\uff11').replace('2', '\uff12')); // fullwidth digits, too
  }

  private static void embedded(List<String> forms, String four, int[] octets) {
    String hex = format("%02x%02x:%02x%02x", octets);
    forms.add("[::ffff:" + four + ']');
    forms.add("[::FFFF:" + hex + ']');
    forms.add("[::" + four + ']');
    forms.add("[64:ff9b::" + four + ']');
    forms.add("[64:ff9b::" + hex + ']');
    forms.add("[2002:" + hex + "::1]");
  }

  private static String format(String pattern, int[] octets) {
    return String.format(Locale.ROOT, pattern, octets[0], octets[1], octets[2], octets[3]);
  }
}
