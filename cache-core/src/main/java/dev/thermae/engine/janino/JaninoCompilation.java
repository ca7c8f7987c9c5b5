package dev.thermae.engine.janino;

import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Dependencies;
import dev.thermae.engine.RestoreException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.commons.compiler.InternalCompilerException;
import org.codehaus.commons.compiler.Location;
import org.codehaus.janino.Java.AbstractCompilationUnit;
import org.codehaus.janino.Java.CompilationUnit;
import org.codehaus.janino.Java.PackageMemberTypeDeclaration;
import org.codehaus.janino.Parser;
import org.codehaus.janino.Scanner;
import org.codehaus.janino.UnitCompiler;
import org.jspecify.annotations.Nullable;

/** One run of Janino. Used once. */
final class JaninoCompilation {
  private final @Nullable ClassLoader parent;
  private final int release;
  private final boolean variables;
  private final @Nullable String identity;

  JaninoCompilation(
      @Nullable ClassLoader parent, int release, boolean variables, @Nullable String identity) {
    this.parent = parent;
    this.release = release;
    this.variables = variables;
    this.identity = identity;
  }

  /** The classes, and what they were compiled against where that can be told. */
  ClassBundle run(Source source) {
    String file = source.name();
    try {
      List<AbstractCompilationUnit> parsed = new ArrayList<>();
      Set<String> own = new HashSet<>();
      for (Map.Entry<String, String> each : SourceSet.files(source).entrySet()) {
        file = each.getKey();
        AbstractCompilationUnit unit = parse(fileName(file), each.getValue());
        parsed.add(unit);
        addTypes(unit, own);
      }
      return compile(parsed, new RecordingLoader(parent, own));
    } catch (org.codehaus.commons.compiler.CompileException e) {
      throw error(e, e.getLocation(), file);
    } catch (InternalCompilerException e) {
      throw error(e, null, file);
    } catch (StackOverflowError e) {
      throw new CompileException("nested too deeply for the stack of this thread", file, 0, 0, e);
    } catch (IOException e) {
      throw new CompileException(String.valueOf(e.getMessage()), file, 0, 0, e);
    }
  }

  private static AbstractCompilationUnit parse(String name, String text)
      throws org.codehaus.commons.compiler.CompileException, IOException {
    return new Parser(new Scanner(name, new StringReader(text))).parseAbstractCompilationUnit();
  }

  private static void addTypes(AbstractCompilationUnit parsed, Set<String> names) {
    if (parsed instanceof CompilationUnit) {
      CompilationUnit unit = (CompilationUnit) parsed;
      String prefix =
          unit.packageDeclaration == null ? "" : unit.packageDeclaration.packageName + '.';
      for (PackageMemberTypeDeclaration type : unit.getPackageMemberTypeDeclarations()) {
        names.add(prefix + type.getName());
      }
    }
  }

  private ClassBundle compile(List<AbstractCompilationUnit> parsed, RecordingLoader visible)
      throws org.codehaus.commons.compiler.CompileException, RestoreException {
    List<UnitCompiler> files = new ArrayList<>();
    UnitClasses types = new UnitClasses(visible, files);
    for (AbstractCompilationUnit unit : parsed) {
      UnitCompiler compiler = new UnitCompiler(unit, types);
      compiler.setTargetVersion(release);
      files.add(compiler);
    }
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (UnitCompiler file : files) {
      file.compileUnit(
          true, true, variables, type -> classes.put(type.getThisClassName(), type.toByteArray()));
    }
    Dependencies against = visible.dependencies(identity);
    if (against != null) {
      classes.put(Dependencies.NAME, against.encode());
    }
    return ClassBundle.of("", classes);
  }

  /** Of a URL its path: what follows is no part of the file's name. */
  private static String fileName(String name) {
    int end = name.indexOf("://") < 0 ? -1 : name.indexOf('?');
    return end < 0 ? name : name.substring(0, end);
  }

  private static CompileException error(Exception e, @Nullable Location at, String file) {
    String message = String.valueOf(e.getMessage());
    if (at == null) {
      return new CompileException(message, file, 0, 0, e);
    }
    String prefix = at + ": ";
    String detail = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    String name = at.getFileName() == null ? file : at.getFileName();
    return new CompileException(detail, name, at.getLineNumber(), at.getColumnNumber(), e);
  }
}
