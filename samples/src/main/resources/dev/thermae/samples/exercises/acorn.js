var acorn = module.exports;
show(acorn.version);
var code = 'export default class A extends B { #x = 1; async *f({ a, ...b }, [c = 2]) { for await (const d of e?.f ?? g) yield `t${d}`; } }';
show(acorn.parse(code, { ecmaVersion: 2022, sourceType: 'module', locations: true }).body);
show(acorn.parseExpressionAt('/a(?<b>.)\\k<b>/u.test(x) ** 2', 0, { ecmaVersion: 2020 }));
var tokens = [];
var each = acorn.tokenizer('let a = 0x1F, b = "\\u{1F600}";', { ecmaVersion: 2020 });
for (var token = each.getToken(); token.type.label !== 'eof'; token = each.getToken()) {
  tokens.push(token.type.label);
}
show(tokens);
try {
  acorn.parse('let let = 1', { ecmaVersion: 2020 });
} catch (error) {
  show(error.message);
}
texts(acorn);
texts(acorn.Parser.prototype);
result.join('\n');
