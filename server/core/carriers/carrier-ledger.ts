import type { CarrierLedger } from '../../domain/carrier-ledger.ts'
import {
  accountOfText,
  type CarrierKey,
  keepReadThrough,
  listKeptNumbers,
  listUnknownTexts,
  readThrough,
  seenIds,
  sentIds,
} from '../../store/carrier-ledger.ts'
import type { Core } from '../core.ts'
import { recordSent, type SendOutcome } from '../sending/record-sent.ts'

/** What the house has written down of the texts of one carrier of an account and of the account's children. */
export function openCarrierLedger(core: Core, carrier: CarrierKey): CarrierLedger {
  const { db } = core

  return {
    async missing(ids) {
      const seen = new Set(await seenIds(db, carrier, ids))
      return new Set(ids.filter(id => !seen.has(id)))
    },
    async unfinished(ids) {
      const sent = await sentIds(db, carrier, ids)
      return new Set(sent.filter(text => !text.isFinished).map(text => text.id))
    },
    async ours(ids) {
      return new Set((await sentIds(db, carrier, ids)).map(text => text.id))
    },
    unknownTexts: () => listUnknownTexts(db, carrier),
    async resolve(reference, resolution) {
      const accountId = await accountOfText(db, carrier, reference)
      if (accountId === null) return
      const outcome: SendOutcome =
        resolution.kind === 'taken'
          ? resolution
          : { kind: 'retry', carrierCode: 'not_taken', message: 'It was never taken', at: core.clock.world() }
      const sent = { smsId: reference, carrier: carrier.carrierId, outcome }
      await recordSent(core, accountId, [sent], 'unknown')
    },
    importedNumbers: () => listKeptNumbers(db, carrier),
    readThrough: () => readThrough(db, carrier),
    keepReadThrough: at => keepReadThrough(db, carrier, at),
  }
}
