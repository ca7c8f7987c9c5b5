// What every exercise starts with: its result, and the source text of functions.
var result = [];

function show(value) {
  result.push(typeof value === 'string' ? value : JSON.stringify(value));
}

function texts(object) {
  Object.keys(object).sort().forEach(function (name) {
    if (typeof object[name] === 'function') {
      result.push(name + '=' + Function.prototype.toString.call(object[name]));
    }
  });
}

show(typeof edition === 'undefined' ? 'first edition' : 'edition ' + edition);
