import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** The folder that holds package.json and migrations/, as a file URL, found from the sources as from the build. */
export const projectFolder: URL = findProjectFolder(new URL('.', import.meta.url))

function findProjectFolder(from: URL): URL {
  if (existsSync(new URL('migrations/', from)) && existsSync(new URL('package.json', from))) return from
  const parent = new URL('..', from)
  if (parent.href === from.href) return pathToFileURL(`${process.cwd()}/`)
  return findProjectFolder(parent)
}
