import Type from 'typebox'
import { Value } from 'typebox/value'
import type { Clock } from '../../domain/clock.ts'
import type { TwilioSecrets, TwilioSettings } from '../../domain/twilio-settings.ts'
import { createHttpClient } from '../../kit/http-client.ts'
import { openTwilioApi } from './api.ts'
import { troubleOf } from './errors.ts'

const Account = Type.Object({ friendly_name: Type.String(), status: Type.String() })

/** Fetches the account. Throws with one line of what is wrong. */
export async function checkTwilio(asked: {
  settings: TwilioSettings
  secrets: TwilioSecrets
  clock: Clock
}): Promise<string> {
  const { settings, clock } = asked
  const client = createHttpClient()
  try {
    const startedMs = clock.machineMs()
    const api = openTwilioApi({ ...asked, client })
    const { host } = new URL(api.origin)
    const answer = await api.get(`${api.accountPath}.json`)
    if (answer.kind === 'failure') throw new Error(`${host} could not be reached: ${answer.message}.`)
    if (answer.status === 401) throw new Error(`${host} refuses the ${credentialOf(asked)}.`)
    if (answer.status === 404) throw new Error(`${host} knows no account ${settings.accountSid}.`)
    if (answer.status !== 200) {
      const { message, carrierCode } = troubleOf(answer)
      throw new Error(`${host} answered: ${message} (${carrierCode})`)
    }
    if (!Value.Check(Account, answer.body)) throw new Error(`What ${host} answered is no Twilio account.`)
    const { friendly_name, status } = answer.body
    if (status !== 'active') throw new Error(`The account ${friendly_name} at ${host} is ${status}.`)
    return `Reached the account ${friendly_name} at ${host} in ${clock.machineMs() - startedMs} ms.`
  } finally {
    await client.close()
  }
}

function credentialOf({ settings, secrets }: { settings: TwilioSettings; secrets: TwilioSecrets }): string {
  return settings.apiKeySid && secrets.apiKeySecret
    ? `API key ${settings.apiKeySid} or its secret`
    : `account ${settings.accountSid} or its token`
}
