// All suites of the package, as its command line has them.
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'

export async function loadSuites (suite) {
  const of = async path => (await import(pathToFileURL(join(suite, path)))).default
  return [...(await of('tests/index.mjs')), await of('tests/surrogate-control.mjs')]
}
