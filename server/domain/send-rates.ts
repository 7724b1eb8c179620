/** Kinds of senders that have usual rates. */
export const SENDER_KINDS = ['local', 'mobile', 'toll_free', 'short_code', 'name'] as const
export type SenderKind = (typeof SENDER_KINDS)[number]

/** Segments a second, by the kind of number that they leave from; a kind that is missing is not limited. */
export type NumberRates = Partial<Record<SenderKind, number>>

/**
 * What networks take of one number unless they agreed to more. Source: Twilio, "Understanding Twilio Rate Limits and
 * Message Queues": message segments a second of US and Canadian long codes (10DLC), toll-free numbers, short codes, and
 * of numbers and names elsewhere.
 */
export const USUAL_RATES: Readonly<Required<NumberRates>> = {
  local: 1,
  mobile: 10,
  toll_free: 3,
  short_code: 100,
  name: 10,
}
