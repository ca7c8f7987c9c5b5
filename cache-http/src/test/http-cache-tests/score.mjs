// What the results of a run mean: a test passes when it and all that it depends on succeeded.

export const KINDS = ['required', 'optimal', 'check']

/** The tests that are not for browsers alone, by id: { kind, depends }. */
export function catalogue (suites) {
  const tests = new Map()
  for (const suite of suites) {
    for (const test of suite.tests) {
      if (!test.browser_only) {
        tests.set(test.id, { kind: test.kind || 'required', depends: test.depends_on || [] })
      }
    }
  }
  return tests
}

/** The ids that pass. */
export function passing (tests, results) {
  const known = new Map()
  const passes = id => {
    if (!known.has(id)) {
      known.set(id, false)
      known.set(id, results[id] === true && tests.get(id).depends.every(passes))
    }
    return known.get(id)
  }
  return new Set([...tests.keys()].filter(passes))
}

/** One line a kind: how many of how many pass. */
export function figures (tests, passed) {
  return KINDS.map(kind => {
    const ids = [...tests.keys()].filter(id => tests.get(id).kind === kind)
    const good = ids.filter(id => passed.has(id)).length
    return `${kind.padEnd(8)} ${String(good).padStart(3)} of ${ids.length}`
  })
}

/** Why a test does not pass, in one line. */
export function reason (tests, passed, results, id) {
  const missed = tests.get(id).depends.filter(other => !passed.has(other))
  if (missed.length > 0) {
    return `depends on ${missed.join(', ')}`
  }
  const result = results[id]
  return Array.isArray(result) ? result.join(': ') : 'no result'
}
