/** All files of one text together. Source: Twilio, Conversations, media of non-chat participants. */
export const MAX_CARRIED_BYTES = 5 * 1024 * 1024

/** What phones show of the files that chat clients send; all else reaches chat clients only. Source: as above. */
const CARRIED_TYPES = /^(?:image\/(?:jpe?g|png)|audio\/(?:mpeg|mp3|amr)|video\/mp4|application\/pdf)$/i

/** Whether a file goes along in a text: of a type that phones show, and under 5 MB. */
export function isCarriable({ contentType, size }: { contentType: string; size: number }): boolean {
  return size < MAX_CARRIED_BYTES && CARRIED_TYPES.test(contentType.split(';')[0]?.trim() ?? '')
}
