/** Source: RingCentral, MessageThread, `label`. */
const LABEL_LENGTH = 200
/** The half of an emoji that a cut may leave. */
const HALF_A_PAIR = /[\ud800-\udbff]$/

/** A text as the label of its thread: its beginning. */
export function labelOf(body: string): string {
  return body.slice(0, LABEL_LENGTH).replace(HALF_A_PAIR, '')
}
