var esprima = module.exports;
show(esprima.version);
show(esprima.parseScript('for (let [a, b] of c) { d(...e, `f${g}`) }', { range: true, tokens: true }));
show(esprima.tokenize('var a = /b/g, c = 0b11', { loc: true }));
try {
  esprima.parseScript('var 1');
} catch (error) {
  show(error.message);
}
texts(esprima);
result.join('\n');
