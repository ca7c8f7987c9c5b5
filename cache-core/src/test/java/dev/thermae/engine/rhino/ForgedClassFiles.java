package dev.thermae.engine.rhino;

import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.RestoreException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Changes units of class files so that their checksums are right all the same. */
final class ForgedClassFiles {
  private ForgedClassFiles() {}

  /** Another name of the same length for a member that the class of all functions refers to. */
  static byte[] replace(byte[] unit, String name, String other) throws RestoreException {
    int length = ByteBuffer.wrap(unit).order(ByteOrder.LITTLE_ENDIAN).getInt(6);
    byte[] functions = Arrays.copyOfRange(unit, 10, 10 + length);
    ClassBundle bundle = ClassBundle.read(unit, 10 + length, unit.length - 10 - length);
    String main = bundle.main().substring(0, bundle.main().length() - "_unit".length());
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (String each : new String[] {main, main + "_unit", main + "_part0"}) {
      int[] place = bundle.place(each);
      byte[] code = Arrays.copyOfRange(bundle.array(), place[0], place[0] + place[1]);
      classes.put(each, each.equals(main) ? replaced(code, name, other) : code);
    }
    return ClassFileReader.write(unit[5] != 0, functions, ClassBundle.of(bundle.main(), classes));
  }

  private static byte[] replaced(byte[] code, String name, String other) {
    String text = new String(code, StandardCharsets.ISO_8859_1);
    if (!text.contains(name) || name.length() != other.length()) {
      throw new IllegalArgumentException("no " + name + " of that length");
    }
    return text.replace(name, other).getBytes(StandardCharsets.ISO_8859_1);
  }
}
