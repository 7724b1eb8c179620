import type { InboundText } from '../carrier.ts'

/** The words that Twilio answers for every number unless told otherwise. Source: Twilio, "Support for opt-out keywords". */
const ANSWERED = new Set('STOP STOPALL UNSUBSCRIBE CANCEL END QUIT OPTOUT REVOKE START YES UNSTOP HELP INFO'.split(' '))

const KEYWORDS: Record<string, InboundText['keyword']> = { STOP: 'stop', START: 'start', HELP: 'help' }

/**
 * What Twilio made of a text that may be a keyword. `optOutType` is the parameter of that name, which only comes with
 * Advanced Opt-Out, and then Twilio has answered.
 */
export function keywordOf(
  body: string,
  { optOutType, answersOptOuts }: { optOutType: string | null; answersOptOuts: boolean },
): Pick<InboundText, 'keyword' | 'isAnswered'> {
  const keyword = KEYWORDS[optOutType ?? '']
  if (keyword) return { keyword, isAnswered: true }
  return answersOptOuts && ANSWERED.has(body.trim().toUpperCase()) ? { isAnswered: true } : {}
}
