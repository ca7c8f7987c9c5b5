package dev.thermae.http.compile;

import dev.thermae.http.proxy.CompileRefusedException.Reason;

/** No code, and whether that is the source's doing. It has no stack trace. */
final class WorkerException extends Exception {
  private static final long serialVersionUID = 1;

  final Reason reason;

  /** Another try with the same source would end the same. */
  final boolean lasting;

  WorkerException(Reason reason, boolean lasting, String message) {
    super(message, null, false, false);
    this.reason = reason;
    this.lasting = lasting;
  }
}
