package dev.thermae.http.proxy;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.code.Ed25519SigningKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.WireCode;
import dev.thermae.http.testing.WireKeys;
import dev.thermae.http.wire.CodeContainer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Containers that somebody with genuine ones and public keys makes of them, at random. What they
 * hold as code is never what the source is compiled to. Used by one thread.
 */
final class ForgedContainers {
  private static final int MAGIC = 0x574D4854;
  private static final int TAG = 64;

  private final Random random;
  private final CodeContainer genuine;
  private final CodeContainer other;
  private final CodeKey wanted;
  private final Ed25519PublicKeys keys;
  private final byte[] publicKey;
  private final int keyId;

  /**
   * @param genuine of the source that is wanted, with it
   * @param other of another one
   * @param pair of which public keys alone are looked at
   */
  ForgedContainers(
      Random random,
      CodeContainer genuine,
      CodeContainer other,
      Fingerprint fingerprint,
      WireKeys pair,
      int keyId) {
    this.random = random;
    this.genuine = genuine;
    this.other = other;
    String text = new String(genuine.source(), StandardCharsets.UTF_8);
    this.wanted = new CodeKey("", Source.of(genuine.url(), text), Shape.SCRIPT, fingerprint);
    this.keys = pair.open();
    this.publicKey = pair.encoded();
    this.keyId = keyId;
  }

  /** A message; one way after the other. */
  byte[] next(int number) {
    byte[] payload = ("forged " + random.nextInt()).getBytes(StandardCharsets.UTF_8);
    return switch (number % 14) {
      case 0 -> holding(payload(flipped(genuine.envelope(), 1 + random.nextInt(4))));
      case 1 -> holding(other.envelope());
      case 2 -> holding(payload(genuine.envelope(), payload));
      case 3 -> holding(WireCode.seal(wanted, own(keyId), payload));
      case 4 -> holding(withTag(WireCode.seal(wanted, own(keyId), payload), tag(genuine)));
      case 5 -> holding(WireCode.seal(wanted, own(keyId + 1), payload));
      case 6 -> holding(wanted.seal(Seal.checksum(), new byte[32], Generation.NONE, payload));
      case 7 -> holding(relabelled(payload));
      case 8 -> holding(WireCode.seal(wanted, publicAsPrivate(), payload));
      case 9 -> holding(spliced());
      case 10 -> holding(claiming());
      case 11 -> holding(withTag(WireCode.seal(wanted, own(keyId), payload), new byte[TAG]));
      case 12 -> ofSource(payload);
      default -> rewrapped(payload);
    };
  }

  /** A worker's own seal does not seal at all. */
  boolean seals() {
    return WireCode.seal(wanted, Seal.verifying(keys), new byte[9]) != null;
  }

  private byte[] holding(byte[] envelope) {
    return new CodeContainer(
            genuine.url(), 200, "OK", genuine.headers(), envelope, genuine.source())
        .encode();
  }

  /** The envelope is genuine, the source is not what it was compiled from. */
  private byte[] ofSource(byte[] source) {
    return new CodeContainer(
            genuine.url(), 200, "OK", genuine.headers(), genuine.envelope(), source)
        .encode();
  }

  /** An envelope within an envelope, or a container as an envelope. */
  private byte[] rewrapped(byte[] payload) {
    byte[] inner = random.nextBoolean() ? genuine.envelope() : genuine.encode();
    byte[] outer =
        random.nextBoolean()
            ? WireCode.seal(wanted, own(keyId), inner)
            : SealedFile.seal(MAGIC, 1, Seal.checksum(), inner, payload);
    return holding(outer);
  }

  private byte[] flipped(byte[] bytes, int bits) {
    byte[] copy = bytes.clone();
    for (int i = 0; i < bits; i++) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  /** Where the code itself is left alone, and so would be right, some of it is changed as well. */
  private byte[] payload(byte[] envelope) {
    envelope[envelope.length - TAG - 1] ^= 1;
    return envelope;
  }

  /** Other code in an old envelope, of the same length. */
  private static byte[] payload(byte[] envelope, byte[] payload) {
    byte[] copy = envelope.clone();
    int end = copy.length - TAG;
    System.arraycopy(payload, 0, copy, end - payload.length, payload.length);
    return copy;
  }

  private static byte[] tag(CodeContainer of) {
    byte[] envelope = of.envelope();
    return Arrays.copyOfRange(envelope, envelope.length - TAG, envelope.length);
  }

  private static byte[] withTag(byte[] envelope, byte[] tag) {
    System.arraycopy(tag, 0, envelope, envelope.length - TAG, TAG);
    return envelope;
  }

  private static Seal own(int id) {
    return Seal.signing(new WireKeys(id).signing(), Ed25519PublicKeys.none());
  }

  private Seal publicAsPrivate() {
    byte[] raw = Arrays.copyOfRange(publicKey, publicKey.length - 32, publicKey.length);
    return Seal.signing(Ed25519SigningKey.of(keyId, raw), Ed25519PublicKeys.none());
  }

  /** A checksum that says it is a signature. */
  private byte[] relabelled(byte[] payload) {
    byte[] envelope = wanted.seal(Seal.checksum(), new byte[32], Generation.NONE, payload);
    byte[] longer = Arrays.copyOf(envelope, envelope.length + TAG - 8);
    longer[6] = 3;
    longer[8] = (byte) keyId;
    return longer;
  }

  /** The beginning of one, the end of the other, and one of their signatures. */
  private byte[] spliced() {
    byte[] one = genuine.envelope().clone();
    byte[] two = other.envelope();
    int from = random.nextInt(Math.min(one.length, two.length) - TAG - 1);
    int length = Math.min(one.length, two.length) - TAG - from;
    System.arraycopy(two, from, one, from, length);
    return withTag(payload(one), tag(one(List.of(genuine, other))));
  }

  private CodeContainer one(List<CodeContainer> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Code of the other source that claims to be of this one. */
  private byte[] claiming() {
    SealedFile here = SealedFile.open(genuine.envelope(), magic(), format(), 4, verifying());
    SealedFile there = SealedFile.open(other.envelope(), magic(), format(), 4, verifying());
    byte[] made =
        SealedFile.seal(
            magic(),
            format(),
            own(keyId),
            here.section(0),
            here.section(1),
            here.section(2),
            there.section(CodeKey.PAYLOAD));
    return withTag(made, tag(one(List.of(genuine, other))));
  }

  private Seal verifying() {
    return Seal.verifying(keys);
  }

  private int magic() {
    return ByteBuffer.wrap(genuine.envelope()).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private int format() {
    return genuine.envelope()[4];
  }
}
