import { posix } from 'node:path'
import { type Scan, scan } from './scan.ts'

/** A file of the house as it is handed to the check: the path from the project's folder, with forward slashes. */
export interface SourceFile {
  path: string
  text: string
}

export interface Import {
  /** What the statement says, such as `./pair.ts` or `fastify`. */
  specifier: string
  /** The file of the house that it means; none for packages. */
  path: string | null
  line: number
}

/** A source file that has been read for the check. */
export interface Source extends SourceFile, Scan {
  imports: Import[]
  /** Tests and the suites that tests share: never part of what runs. */
  isTest: boolean
}

export interface Offence {
  path: string
  line: number
  message: string
}

export function readSource({ path, text }: SourceFile): Source {
  const { code, literals } = scan(text)
  const imports = literals
    .filter(({ at }) => IMPORTS.test(code.slice(0, at)))
    .map(({ text: specifier, at }) => ({ specifier, path: resolve(path, specifier), line: lineAt(text, at) }))
  return { path, text, code, literals, imports, isTest: TEST.test(path) }
}

const TEST = /^test\/|\.(test|contract)\.tsx?$/
/** What stands before the name of a module, in a static, dynamic, type or re-export statement. */
const IMPORTS = /\b(?:from|import|import\s*\(|require\s*\()\s*$/

/** Whole lines count from 1. */
export function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

function resolve(importer: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : null
}
