// Runs tests of the suite, all unless some are named, and writes their results as JSON:
// drive.mjs SUITE BASE [ID...]
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { loadSuites } from './suites.mjs'

const [suite, base, ...ids] = process.argv.slice(2)
const load = path => import(pathToFileURL(join(suite, path)))
const { runTests, getResults } = await load('client/runner.mjs')
const suites = await loadSuites(suite)
const fetch = createRequire(join(suite, 'cli.mjs'))('node-fetch')

const chosen = suites.map(each => ({
  ...each,
  tests: each.tests.filter(test => ids.length === 0 || ids.includes(test.id))
}))
await runTests(chosen, fetch, false, base)
process.stdout.write(JSON.stringify(getResults()))
