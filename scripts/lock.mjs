import { closeSync, openSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './run.mjs'

const LOCK = join(root, '.heddle-lock')
const BEAT_MS = 1_000
// A holder touches its lock every second; one that has not for ten is dead. (Process ids would lie across containers.)
const DEAD_AFTER_MS = 10_000

/** Runs `work` while no other start of this folder does; several `npm start` at once install and build one after another. */
export async function whileLocked(work) {
  await take()
  const beat = setInterval(() => touch(), BEAT_MS)
  const release = () => rmSync(LOCK, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    process.off('exit', release)
    release()
  }
}

async function take() {
  let told = false
  while (!tryTake()) {
    if (!told) console.error('Another start of this folder is installing or building; waiting for it.')
    told = true
    await sleep(200)
  }
}

function tryTake() {
  try {
    closeSync(openSync(LOCK, 'wx'))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (isDead()) setAside()
  return false
}

function isDead() {
  const stat = statSync(LOCK, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > DEAD_AFTER_MS
}

/** A rename has one winner, where two removals might take away the lock that a third has just made. */
function setAside() {
  const aside = `${LOCK}-${process.pid}`
  try {
    renameSync(LOCK, aside)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  rmSync(aside, { force: true })
}

function touch() {
  const now = new Date()
  try {
    utimesSync(LOCK, now, now)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
