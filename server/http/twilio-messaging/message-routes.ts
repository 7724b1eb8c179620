import type { Core } from '../../core/core.ts'
import type { Doors } from '../../core/doors.ts'
import type { SmsEdit } from '../../core/sending/edit-sms.ts'
import { giveFeedback } from '../../core/sending/give-feedback.ts'
import { smsSidOf } from '../../core/sending/sms-sid.ts'
import { sid, uuidOfSid } from '../../domain/ids.ts'
import { formatRfc2822 } from '../../domain/wire-time.ts'
import { findSms, listSms, type SmsRecord } from '../../store/read/sms.ts'
import { notFound, TwilioError } from '../twilio-errors.ts'
import { pageOf, readPage, v2010List } from '../twilio-paging.ts'
import type { TwilioCall, TwilioResources } from '../twilio-routes.ts'
import { readNewMessage } from './create-message.ts'
import { readMessageFilter } from './message-filter.ts'
import { API_VERSION, asAccepted, messageResource } from './message-resource.ts'

/** Messages and their feedback: send, list, fetch, redact, cancel, delete. */
export function messageRoutes({ resource, core }: TwilioResources, doors: Doors): void {
  resource('/Accounts/:accountSid/Messages', {
    async create({ accountId, parameters }) {
      const answer = await doors.send(accountId, readNewMessage(parameters, core.clock.world()))
      if (answer.kind === 'refused') throw answer.refusal
      return messageResource(accountId, answer.kind === 'accepted' ? asAccepted(answer.sms) : answer.sms)
    },

    async list({ accountId, parameters, request }) {
      const asked = readPage(parameters, { key: ['time', 'uuid'] })
      const filter = readMessageFilter(accountId, parameters)
      const found = await listSms(core.db, filter, asked.start, asked.size + 1)
      const page = pageOf(found, asked, sms => [sms.listedAt.getTime(), sms.id])
      const records = page.rows.map(sms => messageResource(accountId, sms))
      return v2010List(request, 'messages', records, page)
    },
  })

  resource('/Accounts/:accountSid/Messages/:sid', {
    async fetch(call) {
      return messageResource(call.accountId, await getSms(core, call, call.path.sid))
    },

    async update(call) {
      const edits = readEdits(call)
      let sms = edits.length === 0 ? await getSms(core, call, call.path.sid) : null
      for (const edit of edits) sms = await editOne(doors, call, edit)
      return messageResource(call.accountId, sms ?? (await getSms(core, call, call.path.sid)))
    },

    async remove(call) {
      await editOne(doors, call, { smsId: smsIdOf(call, call.path.sid), does: 'delete' })
    },
  })

  resource('/Accounts/:accountSid/Messages/:messageSid/Feedback', {
    async update(call) {
      const outcome = call.parameters.oneOf('Outcome', ['confirmed', 'unconfirmed']) ?? 'confirmed'
      const smsId = smsIdOf(call, call.path.messageSid)
      const { sms, feedback } = await giveFeedback(core, call.accountId, { smsId, outcome })
      const accountSid = sid('AC', call.accountId)
      return {
        account_sid: accountSid,
        message_sid: smsSidOf(sms),
        outcome,
        date_created: formatRfc2822(feedback.createdAt),
        date_updated: formatRfc2822(feedback.updatedAt),
        uri: `/${API_VERSION}/Accounts/${accountSid}/Messages/${smsSidOf(sms)}/Feedback.json`,
      }
    },
  })
}

/**
 * An empty body redacts, the status `canceled` cancels; nothing else can be changed, and nothing is no change. Only a
 * cancel can be refused, so it goes first: a refused update changes nothing.
 */
function readEdits(call: TwilioCall): SmsEdit[] {
  const { parameters } = call
  const smsId = smsIdOf(call, call.path.sid)
  const edits: SmsEdit[] = []
  const body = parameters.text('Body')
  if (body !== undefined && body !== '') {
    throw new TwilioError(400, 20001, 'The Body of a message can only be changed to an empty string')
  }
  if (parameters.oneOf('Status', ['canceled'])) edits.push({ smsId, does: 'cancel' })
  if (body === '') edits.push({ smsId, does: 'redact' })
  return edits
}

async function editOne(doors: Doors, call: TwilioCall, edit: SmsEdit): Promise<SmsRecord> {
  const edited = await doors.edit(call.accountId, edit)
  if (edited.kind === 'refused') throw edited.refusal
  return edited.sms
}

/** The id of a message's SID. Refuses 20404 what is no such SID: a text has one id, spelled SM or MM. */
export function smsIdOf({ request }: TwilioCall, messageSid: string | undefined): string {
  const id = uuidOfSid(['SM', 'MM'], messageSid ?? '')
  if (id === null) throw notFound(request)
  return id
}

/** The text of a message's SID. Refuses 20404. */
export async function getSms(core: Core, call: TwilioCall, messageSid: string | undefined): Promise<SmsRecord> {
  const sms = await findSms(core.db, call.accountId, smsIdOf(call, messageSid))
  if (!sms) throw notFound(call.request)
  return sms
}
