import { decodeAnswer, mediaTypeOf } from './answer-text.ts'
import type { Problem } from './problem.ts'
import { readMessage, readRedirect, type TwimlMessage, type TwimlRedirect } from './twiml-verbs.ts'
import { NotTwimlError, parseVerbs } from './twiml-xml.ts'

export type Instruction = TwimlMessage | TwimlRedirect

/** What an app answered: things to do, in order, or an answer that cannot be used at all. */
export type Answer =
  | { kind: 'instructions'; instructions: Instruction[]; warnings: Problem[] }
  | { kind: 'unusable'; problem: Problem }

/** More in one document are not sent. Source: Twilio, error 14109. */
const MAX_MESSAGES = 10

/**
 * Reads the answer of a webhook that was fetched from `url`, against which relative URLs stand. TwiML (also as
 * text/html, which PHP says when it is told nothing) becomes instructions; plain text becomes one reply; an empty body
 * is nothing to do. Source: Twilio, TwiML for Programmable Messaging.
 */
export function readAnswer(answer: { body: Buffer; contentType: string; url: URL }): Answer {
  const text = decodeAnswer(answer.body, answer.contentType)
  if (text.trim() === '') return { kind: 'instructions', instructions: [], warnings: [] }
  const mediaType = mediaTypeOf(answer.contentType)
  switch (mediaType) {
    case 'text/xml':
    case 'application/xml':
    case 'text/html':
      return readTwiml(text, answer.url)
    case 'text/plain':
      return { kind: 'instructions', instructions: [plainReply(text)], warnings: [] }
    default:
      return {
        kind: 'unusable',
        problem: { code: 12300, message: `The content type ${mediaType || '(none)'} is not supported` },
      }
  }
}

function plainReply(text: string): TwimlMessage {
  return readMessage({ name: 'Message', attributes: {}, texts: [text], media: [] }, null)
}

function readTwiml(text: string, url: URL): Answer {
  try {
    const { verbs, warnings } = parseVerbs(text)
    const instructions: Instruction[] = []
    let messages = 0
    for (const verb of verbs) {
      if (verb.name === 'Redirect') {
        // Nothing after a redirect is reached.
        instructions.push(readRedirect(verb, url))
        break
      }
      if (++messages <= MAX_MESSAGES) instructions.push(readMessage(verb, url))
    }
    if (messages > MAX_MESSAGES) {
      warnings.push({ code: 14109, message: `Only the first ${MAX_MESSAGES} of ${messages} messages were sent` })
    }
    return { kind: 'instructions', instructions, warnings }
  } catch (error) {
    if (error instanceof NotTwimlError) return { kind: 'unusable', problem: error.problem }
    throw error
  }
}
