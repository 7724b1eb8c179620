import type { SmppSettings } from '../../domain/smpp-settings.ts'
import type { OutboundText, SendResult } from '../carrier.ts'
import type { Addresses } from './addresses.ts'
import { compose, TooLong } from './compose.ts'
import { canonicalId } from './message-ids.ts'
import type { Submits, Submitted } from './submits.ts'

const FINAL_RECEIPT = 1
/** How often, and after which pause, the rest of a text is tried when the carrier took its beginning. */
const PART_TRIES = 10
const PART_PAUSE_MS = 1000

/** Submits texts, long ones in parts; a text is taken when all its parts are. */
export function openSendText(deps: {
  settings: SmppSettings
  addresses: Addresses
  submits: Submits
  /** Whether there is time for a pause: when Heddle stops there may be none. */
  mayPause(ms: number): boolean
  /** Tells which number of ours an id of the carrier's belongs to. */
  onTaken(messageId: string, number: string): void
}): (text: OutboundText) => Promise<SendResult> {
  const { settings, addresses, submits } = deps
  let reference = Math.floor(Math.random() * 0x10000)

  return async text => {
    const [person, ...others] = text.persons
    if (person === undefined || others.length > 0) return refused('group', 'SMPP has no texts to groups.')
    const source = addresses.source(text.number)
    const destination = addresses.destination(person)
    const head = {
      source_addr_ton: source.ton,
      source_addr_npi: source.npi,
      source_addr: source.address,
      dest_addr_ton: destination.ton,
      dest_addr_npi: destination.npi,
      destination_addr: destination.address,
      registered_delivery: FINAL_RECEIPT,
    }
    try {
      reference = (reference + 1) & 0xffff
      const parts = compose(bodyOf(text), settings, reference).map(part => ({ ...head, ...part }))
      return await submitAll(parts, text)
    } catch (error) {
      if (error instanceof TooLong) return refused('too_long', error.message)
      throw error
    }
  }

  async function submitAll(parts: Record<string, unknown>[], { number, reference }: OutboundText): Promise<SendResult> {
    const ids: string[] = []
    for (const part of parts) {
      const submitted = await submitPart(part, ids.length > 0)
      if (submitted.kind === 'taken') {
        // A carrier that gives no id will send no receipt either.
        const id = canonicalId(submitted.messageId, settings.submitIds) || `${reference}-${ids.length}`
        deps.onTaken(id, number)
        ids.push(id)
        continue
      }
      if (submitted.kind === 'retry' && ids.length === 0) return submitted
      const whereabouts = parts.length > 1 ? ` ${ids.length} of its ${parts.length} parts were taken.` : ''
      const why = submitted.kind === 'unknown' ? 'The link broke before the carrier answered.' : submitted.message
      const left = { message: why + whereabouts, ...(parts.length > 1 && { takenPartIds: ids }) }
      return submitted.kind === 'refused' ? { ...submitted, ...left } : { kind: 'unknown', ...left }
    }
    const [carrierMessageId = '', ...otherPartIds] = ids
    return { kind: 'taken', carrierMessageId, ...(otherPartIds.length > 0 && { otherPartIds }) }
  }

  async function submitPart(part: Record<string, unknown>, hasBegun: boolean): Promise<Submitted> {
    for (let tries = 1; ; tries++) {
      const submitted = await submits.submit(part, hasBegun)
      if (submitted.kind !== 'retry' || !hasBegun || tries >= PART_TRIES) return submitted
      if (!deps.mayPause(PART_PAUSE_MS)) return submitted
      await new Promise(resolve => setTimeout(resolve, PART_PAUSE_MS))
    }
  }
}

/** SMPP carries no files: the phone gets their addresses. */
function bodyOf({ body, media }: OutboundText): string {
  return [body, ...media.map(file => file.url)].filter(line => line !== '').join('\n')
}

function refused(carrierCode: string, message: string): SendResult {
  return { kind: 'refused', errorCode: 30008, carrierCode, message }
}
