package dev.thermae.engine;

/**
 * The user's own error: the engine could not compile the source.
 *
 * <p>The message is the engine's own, followed by name, line and column; the cause is the engine's
 * own exception, stack trace included.
 */
public final class CompileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String detail;
  private final String name;
  private final int line;
  private final int column;

  /** {@code line} and {@code column} count from 1; 0 or less where the engine gives none. */
  public CompileException(String detail, String name, int line, int column, Throwable cause) {
    super(detail + " (" + where(name, line, column) + ")", cause);
    this.detail = detail;
    this.name = name;
    this.line = line;
    this.column = column;
  }

  /**
   * The same error for another caller, with a stack trace of its own and the same cause; typed so
   * that who passes it on does not load this class.
   */
  public RuntimeException again() {
    return new CompileException(detail, name, line, column, getCause() == null ? this : getCause());
  }

  private static String where(String name, int line, int column) {
    if (line <= 0) {
      return name;
    }
    return column <= 0 ? name + ':' + line : name + ':' + line + ':' + column;
  }

  /** The engine's own message. */
  public String detail() {
    return detail;
  }

  /** Name of the source. */
  public String name() {
    return name;
  }

  /** Line, from 1; 0 or less when unknown. */
  public int line() {
    return line;
  }

  /** Column, from 1; 0 or less when unknown. */
  public int column() {
    return column;
  }
}
