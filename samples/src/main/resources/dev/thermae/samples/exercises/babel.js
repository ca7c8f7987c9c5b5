var Babel = module.exports;
show(Babel.version);
var code = 'class A extends B { get x() { return `${super.x}!`; } }\n'
    + 'const f = async ({ a, ...rest }, [b = 1] = []) => [...rest.c, a ** b];';
show(Babel.transform(code, { presets: ['es2015', 'stage-0'] }).code);
show(Object.keys(Babel.availablePlugins).sort());
texts(Babel);
result.join('\n');
