package dev.thermae.code;

import org.jspecify.annotations.Nullable;

/**
 * What of a unit's surroundings an engine bakes into its code besides the source: the name, the
 * first line's number, the kind and strictness.
 *
 * <p>An adapter that patches the name when it restores leaves the name empty, so that one stored
 * unit serves every name. Immutable.
 */
public final class Shape {
  /** A sloppy script that starts at line 1, its name left out. */
  public static final Shape SCRIPT = new Shape(Kind.SCRIPT, "", 1, false);

  /** What a source is compiled as. */
  public enum Kind {
    /** A program. */
    SCRIPT,
    /** An ECMAScript module. */
    MODULE,
    /** A function body. */
    FUNCTION
  }

  private final String text;
  private final String name;
  private final int firstLine;
  private final Kind kind;
  private final boolean strict;

  private Shape(Kind kind, String name, int firstLine, boolean strict) {
    this.kind = kind;
    this.name = name;
    this.firstLine = firstLine;
    this.strict = strict;
    this.text = kind.name() + ' ' + firstLine + (strict ? " strict " : " sloppy ") + name;
  }

  /** A shape; {@code firstLine} counts from 1. */
  public static Shape of(Kind kind, String name, int firstLine, boolean strict) {
    return new Shape(kind, name, firstLine, strict);
  }

  /** The same shape with {@code name} baked in. */
  public Shape named(String newName) {
    return new Shape(kind, newName, firstLine, strict);
  }

  /** The same shape with its first line numbered {@code line}. */
  public Shape startingAt(int line) {
    return new Shape(kind, name, line, strict);
  }

  /** What the source is compiled as. */
  public Kind kind() {
    return kind;
  }

  /** The baked name, or the empty string. */
  public String name() {
    return name;
  }

  /** Number of the first line. */
  public int firstLine() {
    return firstLine;
  }

  /** Whether the source is strict from the outside. */
  public boolean strict() {
    return strict;
  }

  /** The canonical text that keys and envelopes hold. */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Shape && text.equals(((Shape) other).text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
