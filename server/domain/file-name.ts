import { cleanText } from './text.ts'

/** The name of a file as its URL ends; null when it tells none. One with a stray percent sign stays as it is written. */
export function fileNameIn(url: string): string | null {
  const last = URL.canParse(url) ? new URL(url).pathname.split('/').pop() : null
  return last ? cleanText(decoded(last)) : null
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
