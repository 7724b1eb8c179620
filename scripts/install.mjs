import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.mjs'

const LOCK_FILE = join(root, 'package-lock.json')
const INSTALLED = join(root, 'node_modules/.package-lock.json')
const STAMP = join(root, 'node_modules/.heddle-installed')

/** True when node_modules holds what package-lock.json asks for, whoever put it there. */
export function isInstalled() {
  if (!existsSync(INSTALLED)) return false
  return (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp()) || holdsAllPackages()
}

/** True when what runs is there, with or without what only builds and tests. */
export function isInstalledToRun() {
  return existsSync(INSTALLED) && holdsAllPackages(entry => !entry.dev)
}

/**
 * Installs from the lock file. Development packages are always included, because the build needs the compiler; install
 * scripts never run, so that a machine that forbids them is the same as any other.
 */
export async function install() {
  console.error('Installing packages (npm ci) ...')
  const code = await runNpm([
    'ci',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ])
  if (code !== 0) {
    console.error('npm ci failed. The first start needs the npm registry; later ones do not.')
    process.exit(code)
  }
  writeFileSync(STAMP, stamp())
}

/** Run by npm itself, we run that same npm; else the one on the PATH. */
function runNpm(args) {
  const npm = process.env.npm_execpath ?? ''
  const env = { npm_config_global: 'false', npm_config_loglevel: 'error', npm_config_dry_run: 'false' }
  return npm.endsWith('npm-cli.js')
    ? run(process.execPath, [npm, ...args], { env, quiet: true })
    : run('npm', args, { env, quiet: true })
}

/** Changes with either lock file, so that any later change made to node_modules by npm is noticed. */
function stamp() {
  return createHash('sha256').update(readFileSync(LOCK_FILE)).update(readFileSync(INSTALLED)).digest('hex')
}

function holdsAllPackages(isWanted = () => true) {
  const wanted = JSON.parse(readFileSync(LOCK_FILE, 'utf8')).packages
  const held = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      !isWanted(entry) ||
      held[path]?.version === entry.version ||
      (held[path] === undefined && !isForThisMachine(entry)),
  )
}

/** Optional packages that name no system are left out by npm as it sees fit. */
function isForThisMachine(entry) {
  if (!entry.optional) return true
  return (
    entry.os?.includes(process.platform) === true &&
    entry.cpu?.includes(process.arch) === true &&
    (entry.libc === undefined || entry.libc.includes(libcHere()))
  )
}

let libc

function libcHere() {
  process.report.excludeNetwork = true
  libc ??= process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
  return libc
}
