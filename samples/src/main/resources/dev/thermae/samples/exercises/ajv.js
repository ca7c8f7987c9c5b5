var ajv = new module.exports({ allErrors: true });
var schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: '^[a-z]+$' },
    sizes: { type: 'array', items: { type: 'integer', minimum: 1 }, uniqueItems: true }
  },
  additionalProperties: false
};
var validate = ajv.compile(schema);
show([validate({ name: 'abc', sizes: [1, 2] }), validate.errors]);
show([validate({ name: 'A', sizes: [0, 0.5, 1, 1], more: 1 }), validate.errors]);
show(ajv.validateSchema({ type: 'nonsense' }));
show(ajv.errorsText());
texts(module.exports);
texts(module.exports.prototype);
result.join('\n');
