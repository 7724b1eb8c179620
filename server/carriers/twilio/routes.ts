import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CarrierLedger } from '../../domain/carrier-ledger.ts'
import type { TwilioSecrets, TwilioSettings } from '../../domain/twilio-settings.ts'
import { within } from '../../kit/within.ts'
import type { CarrierDoors } from '../carrier.ts'
import { bodyOf, calledUrls } from '../mount-carrier.ts'
import { comingOfWebhook, type Intake } from './intake.ts'
import { isSigned } from './signature.ts'
import { receiptOf } from './statuses.ts'
import type { Watch } from './watch.ts'

/** How long a text waits for those that were missed before it: less than Twilio waits for an answer. */
const CATCH_UP_MS = 5_000
const NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

/**
 * What Twilio calls: `inbound` for texts from phones and `status` for what became of ours. Both answer after commit, and
 * 403 to what Twilio did not sign. What fails here is not told again, so it is looked for in the account's list.
 */
export function twilioRoutes(
  scope: FastifyInstance,
  deps: {
    settings: TwilioSettings
    secrets: TwilioSecrets
    doors: CarrierDoors
    ledger: CarrierLedger
    intake: Intake
    watch: Watch
    callbackUrl(): string
    onNotice(message: string): void
  },
): void {
  const { settings, secrets, doors, ledger, intake, watch, callbackUrl, onNotice } = deps

  /** The form that was posted; null, and answered, when Twilio did not sign it. */
  function readSigned(request: FastifyRequest, reply: FastifyReply): URLSearchParams | null {
    const form = new URLSearchParams(bodyOf(request).toString('utf8'))
    const signature = String(request.headers['x-twilio-signature'] ?? '')
    const urls = calledUrls(request, callbackUrl())
    if (isSigned({ authToken: secrets.authToken, urls, form, signature })) return form
    onNotice(`A request to ${urls[0]?.split('?')[0]} does not carry the account's signature.`)
    reply.code(403).send({ code: 'signature_invalid', message: 'The X-Twilio-Signature is not that of the account.' })
    return null
  }

  scope.post('/inbound', async (request, reply) => {
    const form = readSigned(request, reply)
    if (!form) return reply
    const coming = comingOfWebhook(form, settings)
    if (!coming) return reply.code(400).send({ code: 'invalid', message: 'A text has MessageSid, From and To.' })
    if (watch.isBehind) await within(CATCH_UP_MS, watch.looked())
    try {
      const received = await intake.take(coming)
      if (received.kind === 'unknown_number') {
        onNotice(`A text came to ${coming.text.number}, which is no number of the account here.`)
        return reply.code(404).send({ code: 'number_unknown', message: 'That is no number of the account.' })
      }
    } catch (error) {
      watch.fellBehind()
      throw error
    }
    return reply.type('text/xml').send(NOTHING_TO_SAY)
  })

  scope.post<{ Querystring: { text?: string } }>('/status', async (request, reply) => {
    const form = readSigned(request, reply)
    if (!form) return reply
    const sid = form.get('MessageSid') ?? ''
    const number = form.get('From') ?? ''
    const errorCode = Number(form.get('ErrorCode') || Number.NaN)
    const status = form.get('MessageStatus') ?? ''
    const receipt = receiptOf({ sid, number, status, errorCode: Number.isInteger(errorCode) ? errorCode : null })
    try {
      await nameUnknown(request.query.text, sid)
      if (receipt) await doors.report([receipt])
    } catch (error) {
      watch.soon({ isDeep: true })
      throw error
    }
    return reply.code(204).send()
  })

  /** A callback names the text that it is about: one whose sending was never answered was taken after all. */
  async function nameUnknown(reference: string | undefined, sid: string): Promise<void> {
    if (!reference || !UUID.test(reference) || (await ledger.ours([sid])).has(sid)) return
    await ledger.resolve(reference, { kind: 'taken', carrierMessageId: sid })
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
