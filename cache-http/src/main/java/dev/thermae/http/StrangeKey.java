package dev.thermae.http;

import dev.thermae.code.SealedFile;
import java.util.Set;

/** What to do about code whose signature is of another key than the ones accepted. Stateless. */
final class StrangeKey {
  private StrangeKey() {}

  /**
   * One line for the log.
   *
   * @param proxy where the code came from
   * @param accepted numbers of the public keys
   * @param envelope as it came; nothing in it is believed
   */
  static String words(String proxy, Set<Integer> accepted, byte[] envelope) {
    int number = SealedFile.claimedKey(envelope);
    String how =
        accepted.contains(number)
            ? "it is not the one whose public half is known here as number " + number
            : "it calls itself number " + number + ", and known here are " + accepted;
    return "Code from the proxy "
        + proxy
        + " is not used: its signature is of another key than the ones accepted; "
        + how
        + ". Give this process the public half of the key that the proxy signs with, under the"
        + " number that the proxy's compile.signing-key-id says: Ed25519PublicKeys.accepting("
        + number
        + ", FILE), or --public-key "
        + number
        + "=FILE. Until then what the proxy compiled is compiled here again";
  }
}
