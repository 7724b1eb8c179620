import { errorMessageOf } from '../../domain/error-codes.ts'
import { forbids } from '../../domain/sending-rules.ts'
import type { Act } from '../step.ts'
import { abilitiesOf } from './sender-routes.ts'

/** A text about to leave. */
interface Leaving {
  number: string | null
  person: string
  others: string[] | null
  mediaCount: number
}

/** Source: Twilio's error dictionary. */
const CODES = { region_not_allowed: 21408, person_not_allowed: 21608 }
const CANNOT_TEXT = 21601
const CANNOT_BE_TEXTED = 21614
const NO_MMS = 21621

/**
 * Why texts may not leave, whichever door they came through: their owner does not let the account text those persons, or
 * the number cannot text or carry files. Threads, queues and programs are held to it alike.
 */
export async function forbiddenTexts(
  step: Act,
  texts: Leaving[],
): Promise<(text: Leaving) => { errorCode: number; errorMessage: string } | null> {
  const rules = await step.ownerSettings()
  const { textless } = await step.senders()
  const routes = await step.numberRoutes(texts.flatMap(({ number }) => number ?? []))

  function codeOf({ number, person, others, mediaCount }: Leaving): number | null {
    const persons = [person, ...(others ?? [])]
    const why = persons.map(each => forbids(rules, each)).find(each => each !== null)
    if (why) return CODES[why]
    if (persons.some(each => textless.has(each))) return CANNOT_BE_TEXTED
    const route = number === null ? undefined : routes.get(number)
    if (!route) return null
    const { sms, mms } = abilitiesOf(route)
    if (!sms) return CANNOT_TEXT
    return mediaCount > 0 && !mms ? NO_MMS : null
  }

  return text => {
    const errorCode = codeOf(text)
    return errorCode === null ? null : { errorCode, errorMessage: errorMessageOf(errorCode) }
  }
}
