package dev.thermae.samples.operaton;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/** Counts what Rhino really parses, whoever asks it: its parser is told to say so. */
public final class RhinoCompiles {
  /** Public, as Rhino's parser counts here. */
  public static final AtomicInteger COUNT = new AtomicInteger();

  private RhinoCompiles() {}

  static void watch() {
    new AgentBuilder.Default()
        .type(named("org.mozilla.javascript.Parser"))
        .transform(
            (builder, type, loader, module, domain) ->
                builder.visit(
                    Advice.to(RhinoCompiles.class)
                        .on(
                            named("parse")
                                .and(takesArguments(String.class, String.class, int.class)))))
        .installOn(ByteBuddyAgent.install());
  }

  /** What the parser begins with. */
  @Advice.OnMethodEnter
  public static void entered() {
    COUNT.incrementAndGet();
  }
}
