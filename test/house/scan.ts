/** A quoted or template string of a source file; a blank stands for what a template interpolates. */
export interface Literal {
  text: string
  /** Where its opening quote stands. */
  at: number
}

export interface Scan {
  /** The source with comments and the insides of strings and regular expressions blanked; every place is where it was. */
  code: string
  literals: Literal[]
}

/** Longer than any word that a regular expression may follow, with room for blanks. */
const LOOK_BACK = 40
const REGEX_MAY_FOLLOW = /(?:^|[(,=:[!&|?{};+\-*%~^>]|\b(?:return|typeof|case|in|of|void|delete|throw|await|yield))\s*$/

/** Tells code from what is only text. It knows just enough of the language for that. */
export function scan(source: string): Scan {
  const blanked: string[] = Array.from({ length: source.length }, (_, at) => (source[at] === '\n' ? '\n' : ' '))
  const literals: Literal[] = []
  let at = 0
  let templatesOpen = 0
  scanCode()
  return { code: blanked.join(''), literals }

  /** To the end of the source, or of the interpolation that it is in. */
  function scanCode(): void {
    let depth = 0
    while (at < source.length) {
      const char = source[at]!
      if (char === '}' && depth === 0 && templatesOpen > 0) return
      if (char === '{') depth += 1
      if (char === '}') depth -= 1
      if (source.startsWith('//', at)) skipTo('\n')
      else if (source.startsWith('/*', at)) skipPast('*/')
      else if (char === "'" || char === '"') scanString(char)
      else if (char === '`') scanTemplate()
      else if (char === '/' && REGEX_MAY_FOLLOW.test(codeBefore())) skipRegex()
      else keep()
    }
  }

  function scanString(quote: string): void {
    const start = at
    keep()
    while (at < source.length && source[at] !== quote && source[at] !== '\n') at += source[at] === '\\' ? 2 : 1
    literals.push({ text: source.slice(start + 1, at), at: start })
    if (source[at] === quote) keep()
  }

  function scanTemplate(): void {
    const start = at
    const parts: string[] = []
    keep()
    let partStart = at
    while (at < source.length && source[at] !== '`') {
      if (!source.startsWith('${', at)) {
        at += source[at] === '\\' ? 2 : 1
        continue
      }
      parts.push(source.slice(partStart, at))
      at += 2
      templatesOpen += 1
      scanCode()
      templatesOpen -= 1
      at += 1
      partStart = at
    }
    parts.push(source.slice(partStart, at))
    literals.push({ text: parts.join(' '), at: start })
    keep()
  }

  function skipRegex(): void {
    let isInClass = false
    keep()
    while (at < source.length && source[at] !== '\n' && (isInClass || source[at] !== '/')) {
      if (source[at] === '[') isInClass = true
      if (source[at] === ']') isInClass = false
      at += source[at] === '\\' ? 2 : 1
    }
    keep()
  }

  function keep(): void {
    blanked[at] = source[at] ?? ''
    at += 1
  }

  function skipTo(end: string): void {
    const found = source.indexOf(end, at)
    at = found < 0 ? source.length : found
  }

  function skipPast(end: string): void {
    skipTo(end)
    at += end.length
  }

  function codeBefore(): string {
    return blanked.slice(Math.max(0, at - LOOK_BACK), at).join('')
  }
}
