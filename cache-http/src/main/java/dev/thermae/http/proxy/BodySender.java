package dev.thermae.http.proxy;

import dev.thermae.http.resource.Pieces;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * Sends a body piece by piece, the next one when the client has taken the one before: a slow client
 * holds one piece of memory and no thread. What does not come to its end does not look as if it
 * had.
 */
final class BodySender extends IteratingCallback {
  private final Asked asked;
  private final Pieces pieces;
  private final AtomicReference<@Nullable Thread> patient = new AtomicReference<>();
  private @Nullable ByteBuffer first;
  private @Nullable Consumer<IOException> lost;
  private boolean ended;

  private BodySender(Asked asked, Pieces pieces, @Nullable ByteBuffer first) {
    this.asked = asked;
    this.pieces = pieces;
    this.first = first;
    this.ended = first == null;
  }

  /**
   * Takes the pieces over; the first one is read, where that can be done at once.
   *
   * @throws IOException when it cannot be read, and nothing was sent
   */
  static BodySender of(Asked asked, Pieces pieces) throws IOException {
    try {
      boolean later = pieces.isWaiting();
      ByteBuffer first = later ? BufferUtil.EMPTY_BUFFER : pieces.next();
      return new BodySender(asked, pieces, first);
    } catch (IOException | RuntimeException e) {
      pieces.close();
      throw e;
    }
  }

  /** Begins; {@code lost} is told when the body comes to a bad end, before the client is. */
  void send(Consumer<IOException> whenLost) {
    lost = whenLost;
    iterate();
  }

  /** Sends nothing after all. */
  void drop() {
    pieces.close();
  }

  @Override
  protected Action process() throws IOException {
    if (ended) {
      return Action.SUCCEEDED;
    }
    ByteBuffer piece = first;
    first = null;
    if (piece != null) {
      asked.response().write(false, piece, this); // the head goes out, whatever there is to it
      return Action.SCHEDULED;
    }
    if (pieces.isWaiting() && patient.get() != Thread.currentThread()) {
      asked.request().getContext().execute(this::iteratePatiently);
      return Action.IDLE;
    }
    piece = next();
    if (piece != null && !piece.hasRemaining()) {
      pieces.whenMore(this::iterate);
      return Action.IDLE;
    }
    ended = piece == null;
    asked.response().write(ended, piece == null ? BufferUtil.EMPTY_BUFFER : piece, this);
    return Action.SCHEDULED;
  }

  /** On a thread of the pool, which the origin may keep waiting. */
  private void iteratePatiently() {
    Thread own = Thread.currentThread();
    patient.set(own);
    iterate();
    patient.compareAndSet(own, null);
  }

  private @Nullable ByteBuffer next() throws IOException {
    try {
      return pieces.next();
    } catch (IOException e) {
      Consumer<IOException> told = lost;
      if (told != null) {
        told.accept(e);
      }
      throw e;
    }
  }

  /** Files are read, and perhaps decoded. */
  @Override
  public InvocationType getInvocationType() {
    return InvocationType.BLOCKING;
  }

  @Override
  protected void onCompleteSuccess() {
    pieces.close();
    asked.callback().succeeded();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    pieces.close();
    asked.callback().failed(cause);
  }
}
