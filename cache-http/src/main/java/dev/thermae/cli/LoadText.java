package dev.thermae.cli;

import dev.thermae.http.report.Words;

/** One load as text. Pure. */
final class LoadText {
  private LoadText() {}

  static String of(LoadReport.Load load, int runs) {
    StringBuilder text = new StringBuilder(load.url());
    if (runs > 1) {
      text.append(" (").append(load.run()).append(" of ").append(runs).append(')');
    }
    LoadReport.Http http = load.http();
    if (http != null) {
      if (!http.url().equals(load.url())) {
        text.append("\n  url    ").append(http.url());
      }
      text.append("\n  http   ").append(http.status()).append(", ").append(http.why());
    }
    LoadReport.Proxy proxy = load.proxy();
    if (proxy != null) {
      text.append("\n  proxy  ").append(proxy.why());
    }
    LoadReport.Code code = load.code();
    if (code != null) {
      text.append("\n  code   ").append(code.temperature()).append(", ").append(code.origin());
      text.append(": ").append(code.why());
    }
    if (http != null && code != null) {
      text.append("\n  sizes  ").append(Words.bytes(http.receivedBytes())).append(" received, ");
      text.append(Words.bytes(http.sourceBytes())).append(" of source, ");
      Long stored = code.storedBytes();
      text.append(stored == null ? "no code stored" : Words.bytes(stored) + " of code stored");
      text.append("\n  time   fetch ").append(Words.millis(http.fetchMillis()));
      text.append(", compile ").append(Words.millis(code.compileMillis()));
      text.append(", load ").append(Words.millis(code.loadMillis()));
    }
    return text.toString();
  }
}
