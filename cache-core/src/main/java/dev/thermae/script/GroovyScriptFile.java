package dev.thermae.script;

import dev.thermae.engine.ClassBundle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files the classes of a unit come from, and which other files these use, as it is kept with
 * the unit. Immutable.
 *
 * <pre>
 * scripts = count *( class path count *path )
 *   count = u32
 *   class, path = u16 *OCTET   ; modified UTF-8
 * </pre>
 *
 * @param type name of a class of the file
 * @param path address of the file
 * @param uses addresses of all files it depends on, itself included
 */
record GroovyScriptFile(String type, String path, Set<String> uses) {
  /** Their place among the classes of a bundle; no class has such a name. */
  static final String NAME = "/scripts";

  static byte[] encode(List<GroovyScriptFile> all) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(all.size());
    for (GroovyScriptFile each : all) {
      out.writeUTF(each.type);
      out.writeUTF(each.path);
      out.writeInt(each.uses.size());
      for (String use : each.uses) {
        out.writeUTF(use);
      }
    }
    return bytes.toByteArray();
  }

  static List<GroovyScriptFile> read(ClassBundle bundle) throws IOException {
    int[] place = bundle.place(NAME);
    if (place == null) {
      throw new IOException("it does not say which files it comes from");
    }
    List<GroovyScriptFile> all = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bundle.array(), place[0], place[1]))) {
      for (int left = in.readInt(); left > 0; left--) {
        String type = in.readUTF();
        String path = in.readUTF();
        Set<String> uses = new HashSet<>();
        for (int more = in.readInt(); more > 0; more--) {
          uses.add(in.readUTF());
        }
        all.add(new GroovyScriptFile(type, path, uses));
      }
    }
    return all;
  }
}
