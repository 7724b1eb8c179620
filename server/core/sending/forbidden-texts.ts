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
const NO_MMS = 21621

/**
 * Why texts may not leave, whichever door they came through: their owner does not let the account text those persons, or
 * the number cannot carry files. Threads, queues and programs are held to it alike.
 */
export async function forbiddenTexts(
  step: Act,
  texts: Leaving[],
): Promise<(text: Leaving) => { errorCode: number; errorMessage: string } | null> {
  const rules = await step.ownerSettings()
  const withFiles = texts.flatMap(({ number, mediaCount }) => (mediaCount > 0 && number ? [number] : []))
  const routes = await step.numberRoutes(withFiles)
  return ({ number, person, others, mediaCount }) => {
    const why = [person, ...(others ?? [])].map(each => forbids(rules, each)).find(each => each !== null)
    const route = mediaCount > 0 && number ? routes.get(number) : undefined
    const errorCode = why ? CODES[why] : route && !abilitiesOf(route).mms ? NO_MMS : null
    return errorCode === null ? null : { errorCode, errorMessage: errorMessageOf(errorCode) }
  }
}
