package dev.thermae.engine.janino;

import java.util.List;
import org.codehaus.janino.ClassLoaderIClassLoader;
import org.codehaus.janino.Descriptor;
import org.codehaus.janino.IClass;
import org.codehaus.janino.IClassLoader;
import org.codehaus.janino.UnitCompiler;
import org.jspecify.annotations.Nullable;

/**
 * Lets the files of one unit see each other, whatever their names are. Used by one thread, once.
 */
final class UnitClasses extends IClassLoader {
  private final List<UnitCompiler> files;

  /** {@code files} may still grow. */
  UnitClasses(RecordingLoader parent, List<UnitCompiler> files) {
    super(new ClassLoaderIClassLoader(parent));
    this.files = files;
    postConstruct();
  }

  @Override
  protected @Nullable IClass findIClass(String descriptor) {
    String name = Descriptor.toClassName(descriptor);
    for (UnitCompiler file : files) {
      IClass found = find(file, name);
      if (found != null) {
        defineIClass(found);
        return found;
      }
    }
    return null;
  }

  /** A member class is only found once the class around it was. */
  private static @Nullable IClass find(UnitCompiler file, String name) {
    for (int at = name.indexOf('$'); at > 0; at = name.indexOf('$', at + 1)) {
      if (file.findClass(name.substring(0, at)) != null) {
        break;
      }
    }
    return file.findClass(name);
  }
}
