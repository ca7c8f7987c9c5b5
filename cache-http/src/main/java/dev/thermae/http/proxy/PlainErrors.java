package dev.thermae.http.proxy;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty itself refuses, in one line of text. Thread-safe. */
final class PlainErrors extends ErrorHandler {
  PlainErrors() {
    setShowStacks(false);
    setShowCauses(false);
    setShowOrigin(false);
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    String meaning = code + " " + HttpStatus.getMessage(code);
    boolean told = cause instanceof HttpException && message != null;
    if (code == HttpStatus.BAD_REQUEST_400) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    Reply.line(response, code, told ? meaning + ": " + message : meaning, callback);
  }
}
