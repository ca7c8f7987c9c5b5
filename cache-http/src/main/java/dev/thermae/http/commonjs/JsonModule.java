package dev.thermae.http.commonjs;

import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;
import org.mozilla.javascript.json.JsonParser;

/** A module that exports what a text of JSON says. Immutable. */
final class JsonModule implements Script {
  private final Found place;

  JsonModule(Found place) {
    this.place = place;
  }

  @Override
  public Object exec(Context context, Scriptable scope, Scriptable exports) {
    Scriptable module = (Scriptable) ScriptableObject.getProperty(scope, "module");
    try {
      Object value = new JsonParser(context, scope).parseValue(place.source().text());
      ScriptableObject.putProperty(module, "exports", value);
      return Undefined.instance;
    } catch (JsonParser.ParseException e) {
      throw ScriptRuntime.constructError("SyntaxError", place.url() + ": " + e.getMessage());
    }
  }
}
