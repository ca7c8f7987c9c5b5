var Chart = module.exports;
show(Chart.helpers.merge({ a: { b: 1 } }, [{ a: { c: [2] } }]));
show(Chart.helpers.niceNum(37, true));
show(Chart.defaults.global.defaultFontFamily);
show(Object.keys(Chart.controllers).sort());
texts(Chart);
texts(Chart.helpers);
texts(Chart.Element.prototype);
result.join('\n');
