package dev.thermae.script;

import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.RestoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one compilation asked its class loader, and what it was told: the code depends on nothing
 * else besides the source and the fingerprint. Used by one thread.
 *
 * <pre>
 * lookups = count *( question answer )
 *   count    = u32
 *   question = u16 *OCTET     ; modified UTF-8: a letter, a colon and a name
 *   answer   = u16 *OCTET
 * </pre>
 */
final class GroovyLookups {
  /** Its place among the classes of a bundle; no class has such a name. */
  static final String NAME = "/looked up";

  /** The answer for what is not there. */
  static final String ABSENT = "absent";

  private final Map<String, String> answers = new TreeMap<>();
  private final Set<String> above = new HashSet<>();
  private @Nullable String untold;

  /** Notes an answer; one that differs from an earlier one makes the whole untold. */
  void note(String question, String answer) {
    String before = answers.put(question, answer);
    if (before != null && !before.equals(answer)) {
      untold(question + " changed while it was compiled");
    }
  }

  /** Whether {@code question} was asked, and answered with something. */
  boolean found(String question) {
    String answer = answers.get(question);
    return answer != null && !answer.equals(ABSENT);
  }

  /** A class file was found above the loader: by its time, it may win over a source. */
  void above(String resource) {
    above.add(resource);
  }

  /** Whether a class of this name was found where its time cannot be compared later. */
  boolean isAbove(String name) {
    return above.contains(name.replace('.', '/') + ".class");
  }

  /** Something was used that nobody can recognize later. */
  void untold(String why) {
    if (untold == null) {
      untold = why;
    }
  }

  /** Why the code must not be kept, or null. */
  @Nullable String untold() {
    return untold;
  }

  /** The bytes that {@link #read} takes. */
  byte[] encode() throws RestoreException {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(answers.size());
      for (Map.Entry<String, String> each : answers.entrySet()) {
        out.writeUTF(each.getKey());
        out.writeUTF(each.getValue());
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new RestoreException("a name is too long", e);
    }
  }

  /**
   * Questions and answers of the unit whose bundle this is.
   *
   * @throws RestoreException when they are not there, or not as they were written
   */
  static Map<String, String> read(ClassBundle bundle) throws RestoreException {
    int[] place = bundle.place(NAME);
    if (place == null) {
      throw new RestoreException("it does not say what it was compiled against");
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bundle.array(), place[0], place[1]))) {
      Map<String, String> answers = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        answers.put(in.readUTF(), in.readUTF());
      }
      return answers;
    } catch (IOException e) {
      throw new RestoreException("what it was compiled against cannot be read: " + e, e);
    }
  }
}
