import { SaxesParser } from 'saxes'
import { cleanText } from '../domain/text.ts'
import type { Problem } from './problem.ts'

/** A verb of a TwiML document as written; text is untrimmed. */
export interface VerbElement {
  name: 'Message' | 'Sms' | 'Redirect'
  attributes: Record<string, string>
  /** Text and <Body> elements, in their order. */
  texts: string[]
  /** Texts of the <Media> elements. */
  media: string[]
}

/** The document cannot be executed: codes 12100, 12101 and 12102. */
export class NotTwimlError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message)
    this.name = 'NotTwimlError'
    this.problem = problem
  }
}

const ATTRIBUTES: Record<string, readonly string[]> = {
  Response: [],
  Message: ['to', 'from', 'action', 'method', 'statusCallback'],
  Sms: ['to', 'from', 'action', 'method', 'statusCallback'],
  Redirect: ['method'],
  Body: [],
  Media: [],
}

/** TwiML of phone calls: no mistake in spelling, but not to be used here. */
const VOICE_VERBS = new Set(
  (
    'Connect Dial Enqueue Gather Hangup Leave Pause Pay Play Prompt Record Refer Reject Room Say Siprec Start Stop ' +
    'Stream Conference Client Number Queue Sip Sim Parameter Transcription'
  ).split(' '),
)

/** A document may hold thousands of mistakes; so many are told. */
const MAX_WARNINGS = 20

/**
 * Parses a document into its verbs; what is unknown is skipped with a warning (12200; 14110 for verbs of phone calls).
 * Names are case-sensitive; comments and processing instructions mean nothing. Only the five entities of XML exist:
 * a document type declares nothing here, so there is nothing to expand or to fetch. Throws NotTwimlError.
 */
export function parseVerbs(text: string): { verbs: VerbElement[]; warnings: Problem[] } {
  const reader = new VerbReader()
  const parser = new SaxesParser()
  parser.on('opentag', tag => reader.open(tag.name, tag.attributes))
  parser.on('closetag', () => reader.close())
  parser.on('text', chunk => reader.text(chunk))
  parser.on('cdata', chunk => reader.text(chunk))
  parser.on('error', error => {
    const code = error.message.includes('version number') ? 12101 : 12100
    throw new NotTwimlError({ code, message: `The document is not valid XML: ${cleanText(error.message)}` })
  })
  parser.write(text).close()
  return reader
}

class VerbReader {
  readonly verbs: VerbElement[] = []
  readonly warnings: Problem[] = []
  /** Names of the open elements that are understood. */
  readonly #path: string[] = []
  /** How many elements deep we are in one that is not. */
  #skipping = 0
  #verb: VerbElement | null = null
  /** The list whose last text grows. */
  #growing: string[] | null = null

  open(name: string, attributes: Record<string, string>): void {
    if (this.#skipping > 0 || !this.#isExpected(name)) {
      this.#skipping++
      return
    }
    this.#path.push(name)
    this.#warnOfAttributes(name, attributes)
    if (name === 'Message' || name === 'Sms' || name === 'Redirect') {
      this.#verb = { name, attributes, texts: [], media: [] }
      this.verbs.push(this.#verb)
    }
    this.#growing = null
  }

  close(): void {
    if (this.#skipping > 0) {
      this.#skipping--
      return
    }
    const name = this.#path.pop()
    if (this.#path.length <= 1) this.#verb = null
    // An empty <Media/> is a mistake to tell, an empty <Body/> is not.
    if (name === 'Media' && this.#growing === null) this.#verb?.media.push('')
    this.#growing = null
  }

  text(chunk: string): void {
    if (this.#skipping > 0) return
    if (!this.#verb) {
      if (chunk.trim() !== '') this.#warn({ code: 12200, message: 'Text outside of a verb was ignored' })
      return
    }
    if (this.#growing) this.#growing.push((this.#growing.pop() ?? '') + chunk)
    else {
      this.#growing = this.#path.at(-1) === 'Media' ? this.#verb.media : this.#verb.texts
      this.#growing.push(chunk)
    }
  }

  #isExpected(name: string): boolean {
    const parent = this.#path.at(-1)
    switch (parent) {
      case undefined:
        if (name === 'Response') return true
        throw new NotTwimlError({ code: 12102, message: `The document's root is <${name}>, not <Response>` })
      case 'Response':
        if (name === 'Message' || name === 'Sms' || name === 'Redirect') return true
        break
      case 'Message':
      case 'Sms':
        if (name === 'Body' || name === 'Media') return true
        break
    }
    if (parent === 'Response' && VOICE_VERBS.has(name)) {
      this.#warn({ code: 14110, message: `<${name}> is not for messages and was ignored` })
    } else this.#warn({ code: 12200, message: `<${name}> inside <${parent}> is unknown and was ignored` })
    return false
  }

  #warnOfAttributes(name: string, attributes: Record<string, string>): void {
    for (const attribute of Object.keys(attributes)) {
      const isNamespace = attribute === 'xmlns' || attribute.includes(':')
      if (isNamespace || ATTRIBUTES[name]?.includes(attribute)) continue
      this.#warn({ code: 12200, message: `The attribute ${attribute} of <${name}> is unknown and was ignored` })
    }
  }

  #warn(warning: Problem): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push(warning)
  }
}
