var Mustache = module.exports;
show(Mustache.version);
var view = {
  name: 'Chris & Co',
  things: [{ n: 1 }, { n: 2 }],
  none: [],
  wrapped: function () { return function (text, render) { return '<b>' + render(text) + '</b>'; }; }
};
var page = '{{name}} {{{name}}} {{#things}}{{>thing}}{{/things}}{{^none}}none{{/none}}{{#wrapped}}{{name}}{{/wrapped}}{{! gone }}';
show(Mustache.render(page, view, { thing: '[{{n}}]' }));
show(Mustache.parse('a {{b}} {{#c}}d{{/c}}'));
texts(Mustache);
texts(Mustache.Writer.prototype);
result.join('\n');
