package dev.thermae.store;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps responses and the code attached to them. Thread-safe; several processes may share what lies
 * beneath.
 *
 * <p>A slot is named by its resource's generation, so that replacing a body makes every slot of the
 * old one unreachable at once, whatever crashes in between.
 */
public interface Store extends AutoCloseable {
  /**
   * The response for {@code key} that {@code selector} selects, fresh or not; null for none.
   *
   * @param selector null for any request, which selects a response that does not vary, provided
   *     that no variant is looked at before it
   */
  @Nullable StoredEntry find(String key, @Nullable Selector selector);

  /** Opens a body for {@code key}. */
  NewBody newBody(String key) throws IOException;

  /**
   * Publishes a response under the head's generation, which must be new. Dropped, with a null
   * answer, when the store holds a response, or an invalidation, whose request began later.
   */
  @Nullable StoredEntry put(EntryHead head, NewBody body) throws IOException;

  /**
   * Replaces the head of {@code entry} and keeps its generation; null, with nothing changed, when
   * the store no longer holds that generation.
   */
  @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException;

  /** Invalidates every variant of {@code key} whose request began before {@code time}. */
  void invalidate(String key, long time) throws IOException;

  /** The fingerprint recorded for an engine's surroundings, or null. */
  @Nullable Fingerprint fingerprint(String surroundings);

  /** Records the fingerprint of an engine's surroundings. */
  void record(String surroundings, String engine, Fingerprint fingerprint) throws IOException;

  /**
   * The lead in making {@code what}, over everybody who shares what lies beneath; null when another
   * one has it still after {@code nanos}, or when this thread was interrupted, which it stays.
   *
   * @param nanos 0 to try once, {@link Long#MAX_VALUE} to wait until the other one is done or dead
   */
  default @Nullable Lead lead(String what, long nanos) throws IOException {
    return Lead.ALONE;
  }

  /** The seal for envelopes in this store. */
  Seal seal();

  @Override
  void close();
}
