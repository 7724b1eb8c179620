import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { projectFolder } from '../../server/kit/project-folder.ts'
import type { SourceFile } from './source.ts'

const FOLDERS = ['server/', 'web/', 'bench/', 'test/', 'scripts/']
const SOURCE = /\.(?:ts|tsx|mjs)$/
/** The examples of what the rules forbid would break the rules. */
const LEFT_OUT = /^test\/house|^web\/dist\/|\/node_modules\//

/** Every source file of the house. */
export function readHouse(): SourceFile[] {
  return FOLDERS.filter(folder => existsSync(new URL(folder, projectFolder))).flatMap(folder =>
    readdirSync(new URL(folder, projectFolder), { recursive: true, encoding: 'utf8' })
      .map(path => folder + path.replaceAll('\\', '/'))
      .filter(path => SOURCE.test(path) && !LEFT_OUT.test(path))
      .map(path => ({ path, text: readFileSync(new URL(path, projectFolder), 'utf8') })),
  )
}
