import type { Offence, Source } from './source.ts'

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
/** Words that say nothing of what is inside. */
const EMPTY_WORDS = ['util', 'helper', 'common', 'misc', 'type', 'lib', 'manager', 'service', 'interface']

/** Files and folders are kebab-case and named by what they hold. */
export function badNames(sources: Source[]): Offence[] {
  return sources.flatMap(({ path }) =>
    path
      .split('/')
      .map(part => part.replace(/(?:\.(?:test|contract|config|d))?\.\w+$/, ''))
      .flatMap(name => complaints(path, name).map(message => ({ path, line: 1, message }))),
  )
}

function complaints(path: string, name: string): string[] {
  const empty = name.split('-').find(word => EMPTY_WORDS.includes(word.replace(/s$/, '')) && !isVendorWord(path, word))
  return [
    ...(KEBAB.test(name) ? [] : [`"${name}" is not kebab-case`]),
    ...(empty === undefined ? [] : [`"${empty}" does not say what "${name}" holds`]),
  ]
}

/** A service is a thing of its own here: Twilio's name for a set of threads and users. */
function isVendorWord(path: string, word: string): boolean {
  if (!word.startsWith('service')) return false
  return path.startsWith('server/http/') || /\/(?:services|(?:open|change|delete)-service)\.ts$/.test(path)
}
