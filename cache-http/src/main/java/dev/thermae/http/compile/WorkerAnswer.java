package dev.thermae.http.compile;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What became of a request.
 *
 * <pre>
 * answer = id:8 outcome:text *OCTET      ; the code, or words in UTF-8
 * </pre>
 *
 * @param id of the request
 * @param bytes shared, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record WorkerAnswer(long id, Outcome outcome, byte[] bytes) {
  private static final int LONGEST_WORDS = 2000;

  /** What the octets are. */
  enum Outcome {
    /** The code. */
    CODE,
    /** The engine's message about the source. */
    SOURCE_ERROR,
    /** Why the unit has no bytes. */
    NOT_SERIALIZABLE,
    /** What went wrong in the engine. */
    FAULT
  }

  static WorkerAnswer words(long id, Outcome outcome, String words) {
    String plain = Frames.plain(words, LONGEST_WORDS);
    return new WorkerAnswer(id, outcome, plain.getBytes(StandardCharsets.UTF_8));
  }

  /** The octets as words, for whoever may read them. */
  String words() {
    return Frames.plain(new String(bytes, StandardCharsets.UTF_8), LONGEST_WORDS);
  }

  void write(OutputStream to) throws IOException {
    byte[] head =
        Frames.of(
            out -> {
              out.writeLong(id);
              Frames.writeText(out, outcome.name());
            });
    Frames.write(to, head, bytes);
  }

  static WorkerAnswer read(DataInputStream in) throws IOException {
    long id = in.readLong();
    String told = Frames.readText(in, Frames.LONGEST_NAME);
    for (Outcome outcome : Outcome.values()) {
      if (outcome.name().equals(told)) {
        return new WorkerAnswer(id, outcome, in.readAllBytes());
      }
    }
    throw new MalformedFrameException("an answer of no known kind");
  }
}
