package dev.thermae.engine.javac;

import dev.thermae.engine.Dependencies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;

/**
 * Keeps what the compiler writes, and notes which classes of the class path it reads and which
 * packages it looks into. Used by one thread, once.
 */
final class RecordingFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {
  private final Map<String, Written> written = new LinkedHashMap<>();
  private final Map<String, String> read = new TreeMap<>();
  private final Map<String, String> listed = new TreeMap<>();

  RecordingFiles(StandardJavaFileManager files) {
    super(files);
  }

  /** The class files by binary name, in the order in which they were written. */
  Map<String, byte[]> classes() {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    written.forEach((name, file) -> classes.put(name, file.bytes.toByteArray()));
    return classes;
  }

  Dependencies dependencies(String classPath) {
    return new Dependencies(classPath, read, listed);
  }

  @Override
  public Iterable<JavaFileObject> list(
      Location location, String packageName, Set<Kind> kinds, boolean recurse) throws IOException {
    if (location != StandardLocation.CLASS_PATH) {
      return super.list(location, packageName, kinds, recurse);
    }
    // Sources on the class path are nobody's input here.
    Set<Kind> classesOnly = EnumSet.of(Kind.CLASS);
    List<JavaFileObject> found = new ArrayList<>();
    for (JavaFileObject file : super.list(location, packageName, classesOnly, recurse)) {
      String name = super.inferBinaryName(location, file);
      found.add(new Noted(file, name == null ? file.getName() : name));
    }
    if (!recurse) {
      listed.put(packageName, names(found));
    }
    return found;
  }

  /** Checksum over the names of the classes of a package on the class path. */
  static String names(StandardJavaFileManager files, String packageName) throws IOException {
    RecordingFiles recording = new RecordingFiles(files);
    recording.list(StandardLocation.CLASS_PATH, packageName, EnumSet.of(Kind.CLASS), false);
    return String.valueOf(recording.listed.get(packageName));
  }

  private static String names(List<JavaFileObject> files) {
    Set<String> names = new TreeSet<>();
    for (JavaFileObject file : files) {
      names.add(((Noted) file).name);
    }
    return Dependencies.checksum(String.join("\n", names).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String inferBinaryName(Location location, JavaFileObject file) {
    return file instanceof Noted ? ((Noted) file).name : super.inferBinaryName(location, file);
  }

  @Override
  public boolean isSameFile(FileObject a, FileObject b) {
    return super.isSameFile(plain(a), plain(b));
  }

  @Override
  public boolean contains(Location location, FileObject file) throws IOException {
    return super.contains(location, plain(file));
  }

  private static FileObject plain(FileObject file) {
    return file instanceof Noted ? ((Noted) file).plain() : file;
  }

  @Override
  public JavaFileObject getJavaFileForOutput(
      Location location, String name, Kind kind, FileObject sibling) {
    Written file = new Written(name);
    written.put(name, file);
    return file;
  }

  /** A class file on the class path, noted when it is read. */
  private final class Noted extends ForwardingJavaFileObject<JavaFileObject> {
    private final String name;

    Noted(JavaFileObject file, String name) {
      super(file);
      this.name = name;
    }

    JavaFileObject plain() {
      return fileObject;
    }

    @Override
    public InputStream openInputStream() throws IOException {
      byte[] bytes;
      try (InputStream in = super.openInputStream()) {
        bytes = in.readAllBytes();
      }
      read.put(name, Dependencies.checksum(bytes));
      return new java.io.ByteArrayInputStream(bytes);
    }
  }

  /** A class file in memory. */
  private static final class Written extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Written(String name) {
      super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      bytes.reset();
      return bytes;
    }
  }
}
