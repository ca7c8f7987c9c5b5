package dev.thermae.http.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends of each block of the registries, and what lies next to them. */
class SpecialAddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.0",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.255",
        "192.0.2.0",
        "192.0.2.255",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "192.175.48.1",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.0",
        "198.51.100.255",
        "203.0.113.0",
        "203.0.113.255",
        "224.0.0.0",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:0:7f00:1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::8.8.8.8",
        "100::",
        "100:0:0:1::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:1ff:ffff::",
        "2001:db8::",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2620:4f:8000::1",
        "3fff::",
        "3fff:fff:ffff::",
        "4000::",
        "5f00::1",
        "fc00::",
        "fd00:ec2::254",
        "fdff:ffff::1",
        "fe80::1",
        "fe80::1%1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ffff::1",
      })
  void special(String text) throws Exception {
    assertThat(SpecialAddresses.nameOf(InetAddress.getByName(text))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "168.63.129.15",
        "64:ff9b::8.8.8.8",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2001:db7:ffff::1",
        "2001:db9::1",
        "2003::1",
        "2606:4700::1111",
        "2620:4f:8001::1",
        "3ffe::1",
        "3fff:1000::1",
        "2a00::1",
      })
  void publicOnes(String text) throws Exception {
    assertThat(SpecialAddresses.nameOf(InetAddress.getByName(text))).isNull();
  }

  @Test
  void onlyPublicAddressesAreGiven() throws Exception {
    InetAddress open = InetAddress.getByName("8.8.8.8");
    InetAddress own = InetAddress.getLoopbackAddress();
    assertThat(new GuardedDns(host -> List.of(own, open)).lookup("a")).containsExactly(open);
    assertThatThrownBy(() -> new GuardedDns(host -> List.of(own)).lookup("a.example"))
        .isInstanceOf(RefusedException.class)
        .hasMessage("a.example has no address on the public internet");
  }

  @Test
  void everyWayToConnectIsGuarded() throws Exception {
    GuardedSockets sockets = new GuardedSockets();
    InetAddress own = InetAddress.getLoopbackAddress();
    assertThatThrownBy(() -> sockets.createSocket(own, 9)).isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> sockets.createSocket(own, 9, own, 0))
        .isInstanceOf(RefusedException.class);
    try (Socket socket = sockets.createSocket()) {
      assertThatThrownBy(() -> socket.connect(new InetSocketAddress(own, 9)))
          .isInstanceOf(RefusedException.class);
      assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("a.example", 9)))
          .isInstanceOf(RefusedException.class);
    }
  }
}
