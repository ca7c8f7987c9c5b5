// Starts origin and proxy on free loopback ports, runs the suite through them, compares with
// expected.txt. run.mjs BUILD JAR [--update] [--verbose] [ID...]
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSuites } from './suites.mjs'
import { KINDS, catalogue, figures, passing, reason } from './score.mjs'

const LIMIT_MILLIS = 115_000

const here = dirname(fileURLToPath(import.meta.url))
const [build, jar, ...rest] = process.argv.slice(2)
const options = new Set(rest.filter(each => each.startsWith('--')))
const ids = rest.filter(each => !each.startsWith('--'))
const suite = join(build, 'node_modules', 'http-cache-tests')
const list = join(here, 'expected.txt')
const folder = mkdtempSync(join(tmpdir(), 'thermae-cache-tests-'))
const children = new Set()

function end () {
  children.forEach(child => child.kill('SIGKILL'))
  rmSync(folder, { recursive: true, force: true })
}
process.on('exit', end)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))
setTimeout(() => {
  console.error(`not done after ${LIMIT_MILLIS / 1000} s`)
  process.exit(1)
}, LIMIT_MILLIS).unref()

function start (command, args, settings = {}) {
  const stdio = ['ignore', 'pipe', 'pipe']
  const child = spawn(command, args, { stdio, ...settings })
  child.output = ''
  child.stderr.on('data', chunk => { child.output += chunk })
  children.add(child)
  child.on('exit', () => children.delete(child))
  return child
}

/** The URL that a server says it is at. */
function address (name, child) {
  return new Promise((resolve, reject) => {
    child.stdout.on('data', chunk => {
      child.output += chunk
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(child.output)
      if (found) resolve(found[0])
    })
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`${name} ended with ${code}: ${child.output}`)))
  })
}

/** Runs tests in a process of their own. */
function drive (base, ...args) {
  const child = start(process.execPath, ['--no-warnings', join(here, 'drive.mjs'), suite, base, ...args])
  let text = ''
  child.stdout.on('data', chunk => { text += chunk })
  return new Promise((resolve, reject) => {
    child.on('close', code => code === 0 ? resolve(JSON.parse(text)) : reject(new Error(child.output)))
  })
}

function servers () {
  const settings = { npm_config_protocol: 'http', npm_config_port: '0', npm_config_pidfile: join(folder, 'pid') }
  const origin = start(process.execPath, ['-r', join(here, 'origin.cjs'), 'server/server.mjs'],
    { cwd: suite, env: { ...process.env, ...settings } })
  return address('the origin', origin).then(url => {
    const command = ['-jar', jar, 'serve', '--origin', url, '--port', '0', '--dir', join(folder, 'cache')]
    const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'
    return address('the proxy', start(java, command))
  })
}

const tests = catalogue(await loadSuites(suite))
const unknown = ids.filter(id => !tests.has(id))
if (unknown.length > 0) throw new Error(`no such test: ${unknown.join(', ')}`)
const expected = readFileSync(list, 'utf8').split('\n').filter(line => line && !line.startsWith('#'))
const base = await servers()

const results = await drive(base, ...ids)
let passed = passing(tests, results)
const asked = ids.length > 0 ? new Set(ids) : new Set(tests.keys())
let missing = expected.filter(id => asked.has(id) && !passed.has(id))
if (missing.length > 0 && ids.length === 0) {
  console.log(`once more, alone: ${missing.join(' ')}`)
  Object.assign(results, await drive(base, ...missing))
  passed = passing(tests, results)
  missing = expected.filter(id => !passed.has(id))
}

if (ids.length === 0) figures(tests, passed).forEach(line => console.log(line))
const told = options.has('--verbose') || ids.length > 0 ? KINDS : ['required']
for (const kind of told) {
  const failed = [...asked].filter(id => tests.get(id).kind === kind && !passed.has(id)).sort()
  if (failed.length > 0) console.log(`${kind}, not passed:`)
  failed.forEach(id => console.log(`  ${id}: ${reason(tests, passed, results, id)}`))
}
if (options.has('--update')) {
  const head = readFileSync(list, 'utf8').split('\n').filter(line => line.startsWith('#'))
  writeFileSync(list, [...head, ...[...passed].sort()].join('\n') + '\n')
} else {
  const news = [...passed].filter(id => asked.has(id) && !expected.includes(id))
  if (news.length > 0) console.log(`pass and are not expected: ${news.join(' ')}`)
  if (missing.length > 0) console.log(`should pass and did not: ${missing.join(' ')}`)
}
process.exit(missing.length > 0 && !options.has('--update') ? 1 : 0)
