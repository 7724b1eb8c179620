import { expect, test } from 'vitest'
import { keepRunning } from './keep-running.ts'
import type { Postmaster } from './postmaster.ts'
import { StartRefused } from './start-refused.ts'

test('a server that cannot be started again is tried until it can, and then kept as before', async () => {
  const log: string[] = []
  const first = runOf(1)
  const last = runOf(4)
  const script = [() => first, fail, () => runOf(3, new StartRefused('The disk is full.')), () => last]
  const keeper = await keepRunning({
    start: async () => script.shift()!(),
    log: line => log.push(line),
    onDeath: undefined,
  })
  first.die('killed by SIGKILL')
  await last.started
  expect(keeper.pid()).toBe(4)
  expect(log).toEqual([
    'the database died (killed by SIGKILL); restarting it',
    'the database cannot be started: Error: spawn EAGAIN',
    'the database died (could not be started); restarting it',
    'StartRefused: The disk is full.',
    'the database died (exit status 1); restarting it',
    'the database is back',
  ])
  await keeper.stop()
  expect(keeper.pid()).toBeUndefined()
})

test('a first start that fails is not tried again: the operator is told', async () => {
  const full = new StartRefused('The disk is full.')
  const starts = [runOf(1, full)]
  await expect(keepRunning({ start: async () => starts.pop()!, log: () => {}, onDeath: undefined })).rejects.toBe(full)
})

test('a first start waits for the backends of a killed server to let go of its memory', async () => {
  const held = new StartRefused('pre-existing shared memory block is still in use')
  const starts = [runOf(1, held), runOf(2, held), runOf(3)]
  const keeper = await keepRunning({ start: async () => starts.shift()!, log: () => {}, onDeath: undefined })
  expect(keeper.pid()).toBe(3)
  await keeper.stop()
})

interface ScriptedRun extends Postmaster {
  die(reason: string): void
  /** Fulfilled when somebody has asked whether it is ready. */
  started: Promise<void>
}

/** A run of the server that fails at once with `failure`, or lives until it is told to die. */
function runOf(pid: number, failure?: StartRefused): ScriptedRun {
  let die: (reason: string) => void = () => {}
  let markStarted: () => void = () => {}
  const ended = new Promise<string>(resolve => {
    die = resolve
  })
  const started = new Promise<void>(resolve => {
    markStarted = resolve
  })
  if (failure) die('exit status 1')
  return {
    pid,
    started,
    ended,
    die,
    get ready() {
      // The log line follows the promise by a few turns.
      setImmediate(markStarted)
      return failure ? Promise.reject(failure) : Promise.resolve()
    },
    stop: async () => die('exit status 0'),
  }
}

function fail(): never {
  throw new Error('spawn EAGAIN')
}
