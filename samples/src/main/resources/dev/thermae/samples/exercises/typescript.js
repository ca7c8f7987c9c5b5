show(ts.version);
var code = 'enum Color { Red, Green }\nexport class Point<T extends number> {\n'
    + '  constructor(readonly x: T, public y?: T) {}\n'
    + '  get length(): number { return Math.hypot(this.x, this.y ?? 0); }\n}\n'
    + 'export const all = async (...points: Point<number>[]) => points?.map(p => `${p.length}`);\n'
    + 'const wrong: = 1;';
var options = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.CommonJS, sourceMap: true };
var output = ts.transpileModule(code, { compilerOptions: options, reportDiagnostics: true });
show(output.outputText);
show(output.sourceMapText);
show(output.diagnostics.map(function (found) {
  return found.start + ' ' + found.code + ' ' + ts.flattenDiagnosticMessageText(found.messageText, '\n');
}));
show(Object.keys(ts).length);
texts(ts);
result.join('\n');
