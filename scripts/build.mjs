import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runTool, tools } from './run.mjs'

const STAMP = '.heddle-sources'
const NOT_BUILT = /\.(test|contract)\.tsx?$/

/** All that is built: where from, where to, and how. What is built later (another page, another program) is one more entry. */
const parts = [
  {
    name: 'the server',
    sources: ['server', 'bench', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    out: 'dist',
    compile: out => runTool(tools.tsc, ['-p', 'tsconfig.build.json', '--outDir', out]),
  },
  {
    name: 'the web pages',
    needs: 'web/index.html',
    sources: ['web', 'package-lock.json'],
    out: 'web/dist',
    compile: out => runTool(tools.vite, ['build', 'web', '--outDir', out, '--emptyOutDir', '--logLevel', 'warn']),
  },
]

/** True when every part was built from exactly the sources that are here now. */
export function isBuilt() {
  return parts.every(part => isAbsent(part) || isFresh(part, hashOf(part)))
}

/** Builds the parts whose sources changed; resolves to whether all of them are now fresh. What cannot be built is left as it was. */
export async function build() {
  for (const part of parts) {
    if (isAbsent(part) || isFresh(part, hashOf(part))) continue
    if (!(await buildPart(part))) return false
  }
  return true
}

/** Compiled aside and moved into place, so that a server that starts meanwhile never reads half a build. One at a time: see lock.mjs. */
async function buildPart(part) {
  console.error(`Building ${part.name} ...`)
  const hash = hashOf(part)
  const aside = join(root, '.heddle-build')
  const old = join(root, '.heddle-old')
  const out = join(root, part.out)
  // A build that was killed may have left its folders behind.
  remove(aside, old)
  const hasCompiled = (await part.compile(aside)) === 0
  if (hasCompiled) {
    writeFileSync(join(aside, STAMP), hash)
    if (existsSync(out)) renameSync(out, old)
    renameSync(aside, out)
  }
  remove(aside, old)
  return hasCompiled
}

function remove(...folders) {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

function isAbsent(part) {
  return part.needs !== undefined && !existsSync(join(root, part.needs))
}

function isFresh(part, hash) {
  const stamp = join(root, part.out, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
}

/** Contents, not times: a checkout or a copy of the folder changes times. */
function hashOf(part) {
  const hash = createHash('sha256')
  for (const path of part.sources.flatMap(filesUnder).sort()) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path) {
  if (!existsSync(join(root, path))) return []
  if (path === 'web/dist' || NOT_BUILT.test(path)) return []
  const isFile = !readdirOrNull(path)
  return isFile ? [path] : readdirOrNull(path).flatMap(name => filesUnder(`${path}/${name}`))
}

function readdirOrNull(path) {
  try {
    return readdirSync(join(root, path))
  } catch (error) {
    if (error.code === 'ENOTDIR') return null
    throw error
  }
}
