/**
 * The kinds of files that a text may carry. Source: Twilio, "Accepted content types for media"; web pages are not among
 * them, and neither is what no one can name.
 */
const FAMILIES = /^(?:image|audio|video)\/[a-z0-9.+-]+$/
const SINGLE = new Set([
  'application/pdf',
  'application/vcard',
  'application/vnd.apple.pkpass',
  'text/calendar',
  'text/csv',
  'text/directory',
  'text/plain',
  'text/richtext',
  'text/rtf',
  'text/vcard',
  'text/x-vcard',
])

/** Whether a text may carry a file of this media type (without parameters). */
export function isSendableMedia(contentType: string): boolean {
  const type = contentType.toLowerCase()
  return FAMILIES.test(type) || SINGLE.has(type)
}
