import type { CarrierHealth } from '../../domain/carrier-health.ts'
import type { ApiAnswer, ApiFailure, TwilioApi } from './api.ts'
import { troubleOf } from './errors.ts'

export interface Health {
  readonly now: CarrierHealth
  /** An API that tells how its account is by every answer that it gives. */
  watch(api: TwilioApi): TwilioApi
}

/** How the account is: as the last request that says something of it went. */
export function openHealth({ onBack, onTrouble }: { onBack(): void; onTrouble(message: string): void }): Health {
  let isBound = false
  let lastError: string | null = 'It was not asked yet.'

  function note<Answer extends ApiAnswer | ApiFailure>(answer: Answer): Answer {
    const trouble = troubleIn(answer)
    if (trouble === null) {
      const wasAway = !isBound
      isBound = true
      lastError = null
      if (wasAway) onBack()
    } else {
      if (lastError !== trouble) onTrouble(trouble)
      isBound = false
      lastError = trouble
    }
    return answer
  }

  return {
    get now() {
      return { isBound, links: { bound: isBound ? 1 : 0, wanted: 1 }, lastError, perSecond: null }
    },
    watch: api => ({
      ...api,
      get: async path => note(await api.get(path)),
      post: async (path, form) => note(await api.post(path, form)),
    }),
  }
}

function troubleIn(answer: ApiAnswer | ApiFailure): string | null {
  if (answer.kind === 'failure') return `It could not be reached: ${answer.message}.`
  if (answer.status < 300) return null
  const trouble = troubleOf(answer)
  return trouble.isOfAccount ? `${trouble.message} (${trouble.carrierCode})` : null
}
