package dev.thermae.http.proxy;

import dev.thermae.code.Generation;
import org.jspecify.annotations.Nullable;

/**
 * A resource in memory: one stored body in each coding that was asked for, and the answers made of
 * them. Bodies are of one generation, and so good for as long as it is; answers for a second at
 * most. Immutable: what changes is a copy.
 */
final class HotResource {
  /** Whether there is, or will be, a body in some coding. */
  private enum State {
    /** The store has it, or what it is decoded from. */
    STORED,
    /** It can be packed, and nobody has asked. */
    UNTRIED,
    /** It is being packed. */
    ASKED,
    /** It could not be packed for want of time; to be tried again. */
    BUSY,
    /** It was packed. */
    PACKED,
    /** It cannot be had, or is not worth it. */
    NONE
  }

  /** A small part of what an answer's fields take, and all of this. */
  private static final int OVERHEAD = 512;

  private final Generation generation;
  private final BodyCoding stored;
  private final boolean packable;
  private final State[] states;
  private final @Nullable HeldBody[] bodies;
  private final @Nullable HotResponse[] answers;

  private HotResource(
      Generation generation,
      BodyCoding stored,
      boolean packable,
      State[] states,
      @Nullable HeldBody[] bodies,
      @Nullable HotResponse[] answers) {
    this.generation = generation;
    this.stored = stored;
    this.packable = packable;
    this.states = states;
    this.bodies = bodies;
    this.answers = answers;
  }

  /**
   * One of which nothing is held yet.
   *
   * @param stored the coding in which it is in the store; what is not gzip counts as plain
   * @param packable whether it may be packed
   */
  static HotResource of(Generation generation, BodyCoding stored, boolean packable) {
    int codings = BodyCoding.ALL.length;
    State[] states = new State[codings];
    for (BodyCoding coding : BodyCoding.ALL) {
      boolean there = coding == stored || coding == BodyCoding.IDENTITY;
      boolean possible = packable && coding.isPossible();
      states[coding.index()] = there ? State.STORED : possible ? State.UNTRIED : State.NONE;
    }
    return new HotResource(
        generation, stored, packable, states, new HeldBody[codings], new HotResponse[codings]);
  }

  private HotResource copy() {
    return new HotResource(
        generation, stored, packable, states.clone(), bodies.clone(), answers.clone());
  }

  /** Whether it is that generation of that body. */
  boolean isOf(Generation other) {
    return generation.equals(other);
  }

  /** Whether it is the same, and may be packed or not as before. */
  boolean isOf(Generation other, BodyCoding coding, boolean mayBePacked) {
    return generation.equals(other) && stored == coding && packable == mayBePacked;
  }

  /** The answer to a client; null where the store has to say. */
  @Nullable HotResponse answer(Accepted accepted, long now) {
    if (accepted.isGuarded() && stored == BodyCoding.IDENTITY) {
      return good(BodyCoding.IDENTITY, now);
    }
    for (int i = 0; i < accepted.size(); i++) {
      BodyCoding coding = accepted.get(i);
      State state = states[coding.index()];
      if (state == State.STORED || state == State.PACKED) {
        return good(coding, now);
      }
      if (state == State.UNTRIED) {
        return null;
      }
    }
    return null;
  }

  private @Nullable HotResponse good(BodyCoding coding, long now) {
    HotResponse known = answers[coding.index()];
    return known != null && known.isGood(now) ? known : null;
  }

  /** A body; null where it is not held. */
  @Nullable HeldBody body(BodyCoding coding) {
    return bodies[coding.index()];
  }

  /** The coding in which a client should have it, and for which nobody has asked; null for none. */
  @Nullable BodyCoding wanted(Accepted accepted) {
    for (int i = 0; i < accepted.size() && !accepted.isGuarded(); i++) {
      BodyCoding coding = accepted.get(i);
      State state = states[coding.index()];
      if (state == State.UNTRIED) {
        return coding;
      }
      if (state == State.STORED || state == State.PACKED) {
        return null;
      }
    }
    return null;
  }

  /**
   * What was given up for want of time may be tried again.
   *
   * @param answer to be kept with its body; null for none
   */
  HotResource again(@Nullable HotResponse answer) {
    HotResource next = copy();
    if (answer != null) {
      BodyCoding coding = answer.body().coding();
      next.bodies[coding.index()] = answer.body();
      next.answers[coding.index()] = answer;
    }
    for (int i = 0; i < states.length; i++) {
      next.states[i] = states[i] == State.BUSY ? State.UNTRIED : states[i];
    }
    return next;
  }

  /** Somebody is packing it. */
  HotResource asked(BodyCoding coding) {
    return with(coding, State.ASKED);
  }

  /** It was not packed, and may be next time. */
  HotResource busy(BodyCoding coding) {
    return with(coding, State.BUSY);
  }

  /** It was packed; null where that is not worth it. */
  HotResource packed(BodyCoding coding, @Nullable HeldBody body) {
    if (states[coding.index()] != State.ASKED) {
      return this; // forbidden meanwhile
    }
    HotResource next = with(coding, body == null ? State.NONE : State.PACKED);
    next.bodies[coding.index()] = body;
    return next;
  }

  private HotResource with(BodyCoding coding, State state) {
    HotResource next = copy();
    next.states[coding.index()] = state;
    return next;
  }

  /** Without answers: the fields may have changed. */
  HotResource withoutAnswers() {
    HotResponse[] none = new HotResponse[answers.length];
    return new HotResource(generation, stored, packable, states, bodies, none);
  }

  /** Bytes that it takes, nearly. */
  int weight() {
    int weight = OVERHEAD;
    for (int i = 0; i < bodies.length; i++) {
      HeldBody body = bodies[i];
      weight += body == null ? 0 : body.bytes().capacity();
      weight += answers[i] == null ? 0 : HotResponse.OVERHEAD;
    }
    return weight;
  }
}
