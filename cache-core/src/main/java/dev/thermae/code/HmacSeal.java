package dev.thermae.code;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** HMAC-SHA-256 with a subkey per namespace (RFC 2104; the subkey is the MAC of the namespace). */
final class HmacSeal extends Seal {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PURPOSE = "thermae seal 1\n";

  private static final byte[] SCOPE = "thermae scope".getBytes(StandardCharsets.UTF_8);

  private final SigningKeys keys;
  private final byte[] purpose;
  private final Map<Integer, SecretKeySpec> subkeys = new ConcurrentHashMap<>();

  /** Typed as a seal, so that who only knows seals does not load this class. */
  static Seal with(SigningKeys keys, String namespace) {
    return new HmacSeal(keys, namespace);
  }

  private HmacSeal(SigningKeys keys, String namespace) {
    this.keys = keys;
    this.purpose = (PURPOSE + namespace).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int kind() {
    return SIGNED;
  }

  @Override
  public int keyId() {
    return keys.current();
  }

  @Override
  public String scope(int keyId) {
    byte[] tag = mac(keyId, SCOPE, 0, SCOPE.length);
    if (tag == null) {
      throw new IllegalStateException("signing key " + keyId + " is missing");
    }
    return HexFormat.of().formatHex(tag, 0, 8);
  }

  @Override
  public int length() {
    return 32;
  }

  @Override
  public void tag(byte[] data, int offset, int length, byte[] out, int at) {
    byte[] tag = mac(keys.current(), data, offset, length);
    if (tag == null) {
      throw new IllegalStateException("the current signing key is missing");
    }
    System.arraycopy(tag, 0, out, at, tag.length);
  }

  @Override
  public @Nullable Rejection check(
      int keyId, byte[] data, int offset, int length, byte[] tag, int at) {
    byte[] own = mac(keyId, data, offset, length);
    if (own == null) {
      return Rejection.KEY;
    }
    return MessageDigest.isEqual(own, Arrays.copyOfRange(tag, at, at + own.length))
        ? null
        : Rejection.SEAL;
  }

  @Override
  public void digest(byte[] data, int offset, int length, byte[] out, int at) {
    MessageDigest digest = Sha256.start();
    digest.update(data, offset, length);
    System.arraycopy(digest.digest(), 0, out, at, Source.HASH_LENGTH);
  }

  private byte @Nullable [] mac(int keyId, byte[] data, int offset, int length) {
    try {
      SecretKeySpec subkey = subkeys.get(keyId);
      if (subkey == null) {
        byte[] secret = keys.secret(keyId);
        if (secret == null) {
          return null;
        }
        subkey = new SecretKeySpec(mac(new SecretKeySpec(secret, ALGORITHM), purpose), ALGORITHM);
        subkeys.put(keyId, subkey);
      }
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(subkey);
      mac.update(data, offset, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static byte[] mac(SecretKeySpec key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(ALGORITHM);
    mac.init(key);
    return mac.doFinal(data);
  }
}
