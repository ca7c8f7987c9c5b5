package dev.thermae.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A progress bar on standard error, where somebody looks at it. Used by one thread. */
final class Progress implements AutoCloseable {
  private static final int WIDTH = 79;

  private final @Nullable Bar bar;

  private Progress(@Nullable Bar bar) {
    this.bar = bar;
  }

  /** The library, so that it is loaded only where there is a bar. */
  private static final class Bar {
    private final ProgressBar shown;

    Bar(PrintStream out, String task, long steps) {
      shown =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(steps)
              .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
              .clearDisplayOnFinish()
              .build();
    }
  }

  /** A bar of so many steps; none without a terminal, or when {@code quiet}. */
  static Progress of(String task, long steps, boolean quiet) {
    return quiet || !isTerminal() ? new Progress(null) : on(System.err, task, steps);
  }

  /** A bar in any case. */
  static Progress on(PrintStream out, String task, long steps) {
    return new Progress(new Bar(out, task, steps));
  }

  private static boolean isTerminal() {
    return CommandLine.Help.Ansi.AUTO.enabled();
  }

  void step() {
    if (bar != null) {
      bar.shown.step();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.shown.close();
    }
  }
}
