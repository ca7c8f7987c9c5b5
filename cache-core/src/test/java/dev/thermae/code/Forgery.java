package dev.thermae.code;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Tries to make code that is believed, with what a worker has: public keys and old code. */
final class Forgery {
  private static final int ID = 7;
  private static final int WAYS = 10;

  private final Random random;
  private final byte[] open;
  private final Seal reader;
  private final Seal signer;
  private final byte[] genuine;
  private final CodeKey key = key(1);
  private final CodeKey wanted = key(2);

  Forgery(long seed) {
    this.random = new Random(seed);
    KeyPair pair = newPair();
    this.open = pair.getPublic().getEncoded();
    Ed25519PublicKeys keys = Ed25519PublicKeys.of(ID, open);
    this.reader = Seal.verifying(keys);
    this.signer = Seal.signing(Ed25519SigningKey.of(ID, pair.getPrivate().getEncoded()), keys);
    this.genuine = WireCode.seal(key, signer, new byte[300]);
  }

  /** How often to try, and a seed; both may be left out. */
  public static void main(String[] arguments) {
    int tries = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    List<String> believed = new Forgery(seed).believed(tries);
    System.out.println(tries + " tries with seed " + seed + ", believed: " + believed);
    System.exit(believed.isEmpty() ? 0 : 1);
  }

  private static KeyPair newPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static CodeKey key(int seed) {
    byte[] hash = new byte[32];
    Arrays.fill(hash, (byte) seed);
    Source source = Source.verified("a.js", new byte[0], StandardCharsets.UTF_8, hash);
    return new CodeKey("", source, Shape.SCRIPT, Fingerprint.recorded(new byte[32], "a=b\n"));
  }

  boolean isGenuineBelieved() {
    byte[] made = WireCode.seal(wanted, signer, new byte[10]);
    return WireCode.open(made, wanted, reader).rejection() == null
        && WireCode.open(genuine, key, reader).rejection() == null;
  }

  /** The tries that were believed, by way and number. */
  List<String> believed(int tries) {
    List<String> believed = new ArrayList<>();
    for (int i = 0; i < tries; i++) {
      byte[] forged = forge(i % WAYS);
      boolean passes = forged != null && WireCode.open(forged, wanted, reader).rejection() == null;
      if (passes) {
        believed.add(i % WAYS + "/" + i);
      }
    }
    return believed;
  }

  /** Null where the way itself is closed. */
  private byte[] forge(int way) {
    byte[] payload = new byte[random.nextInt(200)];
    random.nextBytes(payload);
    return switch (way) {
      case 0 -> WireCode.seal(wanted, reader, payload);
      case 1 -> thrown(payload);
      case 2 -> withTag(WireCode.seal(wanted, otherSigner(), payload), randomTag());
      case 3 -> WireCode.seal(wanted, otherSigner(), payload);
      case 4 -> withTag(WireCode.seal(wanted, otherSigner(), payload), genuineTag());
      case 5 -> relabelled(wanted.seal(Seal.checksum(), new byte[32], Generation.NONE, payload));
      case 6 -> WireCode.seal(wanted, keyOfPublicBytes(), payload);
      case 7 -> confused(payload);
      case 8 -> claiming(genuine.clone());
      default -> flipped(genuine.clone());
    };
  }

  private byte[] thrown(byte[] payload) {
    try {
      return wanted.seal(reader, new byte[32], Generation.NONE, payload);
    } catch (UnsupportedOperationException e) {
      return null;
    }
  }

  /** A key of our own under the id that is believed. */
  private static Seal otherSigner() {
    byte[] secret = newPair().getPrivate().getEncoded();
    return Seal.signing(Ed25519SigningKey.of(ID, secret), Ed25519PublicKeys.none());
  }

  private byte[] randomTag() {
    byte[] tag = new byte[64];
    random.nextBytes(tag);
    tag[63] &= 0x0f; // in the range that a number may have
    return tag;
  }

  private byte[] genuineTag() {
    return Arrays.copyOfRange(genuine, genuine.length - 64, genuine.length);
  }

  private static byte[] withTag(byte[] envelope, byte[] tag) {
    System.arraycopy(tag, 0, envelope, envelope.length - 64, 64);
    return envelope;
  }

  /** A checksum that says it is a signature. */
  private static byte[] relabelled(byte[] envelope) {
    byte[] longer = Arrays.copyOf(envelope, envelope.length + 56);
    longer[6] = Seal.ED25519;
    longer[8] = ID;
    return longer;
  }

  /** The public key taken for the private one. */
  private Seal keyOfPublicBytes() {
    byte[] raw = Arrays.copyOfRange(open, open.length - 32, open.length);
    return Seal.signing(Ed25519SigningKey.of(ID, raw), Ed25519PublicKeys.none());
  }

  /** The public key taken for a shared secret, twice as a signature is twice as long. */
  private byte[] confused(byte[] payload) {
    byte[] mac = new byte[32];
    byte[] envelope = WireCode.seal(wanted, otherSigner(), payload);
    Seal.signed(SigningKeys.of(ID, open), "").tag(envelope, 0, envelope.length - 64, mac, 0);
    byte[] tag = Arrays.copyOf(mac, 64);
    System.arraycopy(mac, 0, tag, 32, 32);
    return withTag(envelope, tag);
  }

  /** Genuine code that is made to claim the source it is wanted for. */
  private static byte[] claiming(byte[] envelope) {
    int claim = 12 + 4 * CodeKey.SECTIONS;
    Arrays.fill(envelope, claim + 32, claim + 64, (byte) 2);
    return envelope;
  }

  private byte[] flipped(byte[] envelope) {
    for (int i = 0; i <= random.nextInt(4); i++) {
      envelope[random.nextInt(envelope.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return envelope;
  }
}
