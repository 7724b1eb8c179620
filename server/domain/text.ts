/** U+0000, and halves of surrogate pairs: in a `u` pattern `\p{Surrogate}` matches only those without their other half. */
const UNSTORABLE = /\0|\p{Surrogate}/gu

/**
 * The text with U+0000 and lone surrogates replaced by U+FFFD, since PostgreSQL's `text` holds neither. Every text is
 * cleaned where it enters the house, so that one poisoned input cannot fail the batch it is written with.
 * Returns the same string when it is clean.
 */
export function cleanText(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.replace(UNSTORABLE, '\ufffd')
}

/** A parsed JSON value with every text in it cleaned, names of fields included. */
export function cleanTexts(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanTexts)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [cleanText(name), cleanTexts(each)]))
}

/**
 * The length that is held against the limit of 1,600 characters, in UTF-16 code units, as segments are counted: an emoji
 * is two or more. Twilio names no unit, but says that an emoji uses more space than a letter. Source: Twilio, error 21617.
 */
export function lengthInCharacters(text: string): number {
  return text.length
}

/** The length that is held against the limits of names, identities and authors, in code points: an emoji is one. */
export function lengthOfName(name: string): number {
  return [...name].length
}
