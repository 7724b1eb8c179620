import { circles } from './circles.ts'
import { forbiddenDoors } from './doors.ts'
import { bannedLines, sqlOutsideStore } from './lines.ts'
import { badNames } from './names.ts'
import { readSource, type SourceFile } from './source.ts'

/** Holds the files against the rules of the house; answers one line per offence, `path:line message`. */
export function checkHouse(files: SourceFile[]): string[] {
  const sources = files.map(readSource)
  return [forbiddenDoors, circles, bannedLines, sqlOutsideStore, badNames]
    .flatMap(rule => rule(sources))
    .map(({ path, line, message }) => `${path}:${line} ${message}`)
}
