import Type from 'typebox'
import { Value } from 'typebox/value'
import type { TwilioSettings } from '../../domain/twilio-settings.ts'
import type { OutboundText, SendResult } from '../carrier.ts'
import type { ApiAnswer, TwilioApi } from './api.ts'
import { troubleOf } from './errors.ts'

const Created = Type.Object({ sid: Type.String({ minLength: 1 }) })

/** Sends texts one by one. Source: Twilio, "Messages resource", create. */
export function openSendText(deps: {
  settings: TwilioSettings
  api: TwilioApi
  /** Where receipts of this text are told; null when we cannot be called. */
  statusUrl(reference: string): string | null
}): (text: OutboundText) => Promise<SendResult> {
  const { settings, api, statusUrl } = deps
  const path = `${api.accountPath}/Messages.json`

  return async text => {
    const [person, ...others] = text.persons
    if (person === undefined || others.length > 0) {
      return { kind: 'refused', errorCode: 30008, carrierCode: 'group', message: 'Twilio sends no texts to groups.' }
    }
    const callback = statusUrl(text.reference)
    const answer = await api.post(path, [
      ['To', person],
      ['From', text.number],
      ...(settings.messagingServiceSid ? [pair('MessagingServiceSid', settings.messagingServiceSid)] : []),
      ['Body', text.body],
      ...text.media.map(file => pair('MediaUrl', file.url)),
      ...(callback === null ? [] : [pair('StatusCallback', callback)]),
    ])
    if (answer.kind === 'answer') return resultOf(answer)
    const message = `Twilio did not answer: ${answer.message}.`
    return answer.wasSent
      ? { kind: 'unknown', message }
      : { kind: 'retry', why: 'away', carrierCode: 'unreachable', message }
  }
}

function resultOf(answer: ApiAnswer): SendResult {
  if (answer.status >= 200 && answer.status < 300) {
    if (Value.Check(Created, answer.body)) return { kind: 'taken', carrierMessageId: answer.body.sid }
    return { kind: 'unknown', message: 'Twilio answered with no message.' }
  }
  const { means, why, errorCode, carrierCode, message } = troubleOf(answer)
  switch (means) {
    case 'refused':
      return { kind: 'refused', errorCode, carrierCode, message }
    case 'later': {
      const afterMs = answer.retryAfterMs
      return { kind: 'retry', ...(why && { why }), carrierCode, message, ...(afterMs !== null && { afterMs }) }
    }
    case 'unclear':
      return { kind: 'unknown', message }
    default:
      return means satisfies never
  }
}

function pair(name: string, value: string): [string, string] {
  return [name, value]
}
