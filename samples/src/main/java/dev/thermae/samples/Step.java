package dev.thermae.samples;

import dev.thermae.event.Temperature;
import dev.thermae.http.resource.OnReplace;

/** The steps of the demonstration, and what each must come to under both rules for replacement. */
enum Step {
  FIRST(Change.NONE, 200, Temperature.COLD),
  SECOND(Change.NONE, 0, Temperature.WARM),
  THIRD(Change.NONE, 0, Temperature.HOT),
  REVALIDATED(Change.STALE, 304, Temperature.HOT),
  NEW_BODY(Change.BODY, 200, Temperature.COLD),
  NEW_BODY_AGAIN(Change.NONE, 0, Temperature.WARM),
  NEW_BODY_THIRD(Change.NONE, 0, Temperature.HOT),
  NEW_TAG(Change.TAG, 200, Temperature.COLD),
  NEW_TAG_AGAIN(Change.NONE, 0, Temperature.WARM),
  SECOND_PROCESS(Change.NONE, 0, Temperature.HOT);

  /** What happens at the origin before the load. */
  enum Change {
    /** Nothing, and what is stored is fresh. */
    NONE,
    /** Nothing, and what is stored has grown stale. */
    STALE,
    /** Another body under another entity tag; what is stored has grown stale. */
    BODY,
    /** The same body under another entity tag; what is stored has grown stale. */
    TAG
  }

  private final Change change;
  private final int status;
  private final Temperature temperature;

  Step(Change change, int status, Temperature temperature) {
    this.change = change;
    this.status = status;
    this.temperature = temperature;
  }

  Change change() {
    return change;
  }

  /** What the origin must answer; 0 when it must not be asked. */
  int status() {
    return status;
  }

  /** What the load must find. */
  Temperature temperature(OnReplace onReplace) {
    return onReplace == OnReplace.KEEP_IF_SAME_BYTES && isKept() ? Temperature.HOT : temperature;
  }

  /** How often the engine must compile. */
  int compiles(OnReplace onReplace) {
    return temperature(onReplace) == Temperature.HOT ? 0 : 1;
  }

  /** Whether the rules differ here: {@code KEEP_IF_SAME_BYTES} keeps the code. */
  boolean isKept() {
    return this == NEW_TAG || this == NEW_TAG_AGAIN;
  }

  /** Number and name. */
  String title() {
    return switch (this) {
      case FIRST -> "1 first load";
      case SECOND -> "2 again";
      case THIRD -> "3 again";
      case REVALIDATED -> "4 stale, 304";
      case NEW_BODY -> "5 stale, 200 new body";
      case NEW_BODY_AGAIN -> "6 again";
      case NEW_BODY_THIRD -> "7 again";
      case NEW_TAG -> "8 stale, 200 same body";
      case NEW_TAG_AGAIN -> "9 again";
      case SECOND_PROCESS -> "10 second process";
    };
  }
}
