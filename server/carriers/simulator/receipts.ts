import type { Clock } from '../../domain/clock.ts'
import type { Debt, ReceiptsDue } from '../../domain/simulated-network.ts'
import type { Receipt } from '../carrier.ts'
import { LOOK_AGAIN_MS, openAlarm } from './alarm.ts'

/**
 * Receipts come within 100 ms of their text. Waiting some of it lets the submit response, which names the text to the
 * house, come first, and lets receipts of many small batches go as one call.
 */
const RECEIPT_PAUSE_MS = 30
/** What the house writes in one act. */
const MAX_RECEIPTS_A_CALL = 1000

/** A debt of receipts. */
export type ReceiptsDebt = Debt & { due: ReceiptsDue }

export interface Receipts {
  owe(debt: ReceiptsDebt): void
  /** Reports all that is due by now; resolves when the house has acknowledged it or could not be reached. */
  releaseDue(): Promise<void>
  stop(): Promise<void>
}

/**
 * Reports what is owed once it is due, in the order in which it became due, one call at a time. What `report` did not
 * take is tried again each second, and again after a restart.
 */
export function openReceipts(deps: {
  clock: Clock
  report: (receipts: Receipt[]) => Promise<void>
  settle: (debt: Debt) => Promise<void>
  onError: (error: unknown) => void
}): Receipts {
  const { clock, report, settle, onError } = deps
  let ready: ReceiptsDebt[] = []
  let later: ReceiptsDebt[] = []
  const alarm = openAlarm(reportReady)

  async function reportReady(): Promise<void> {
    moveDue()
    while (ready.length > 0) {
      const debts = ready.splice(0, howManyFit(ready))
      try {
        await report(debts.flatMap(spell))
      } catch (error) {
        onError(error)
        ready = [...debts, ...ready]
        alarm.within(LOOK_AGAIN_MS)
        return
      }
      // Nobody waits for the log to forget: what it still holds after a crash is only reported once more.
      for (const debt of debts) settle(debt).catch(onError)
    }
    later.forEach(wake)
  }

  function wake(debt: ReceiptsDebt): void {
    const waitMs = debt.dueAt.getTime() - clock.world().getTime()
    alarm.within(Math.min(Math.max(waitMs, RECEIPT_PAUSE_MS), LOOK_AGAIN_MS))
  }

  function moveDue(): void {
    const now = clock.world().getTime()
    const due = later.filter(debt => debt.dueAt.getTime() <= now)
    if (due.length === 0) return
    later = later.filter(debt => debt.dueAt.getTime() > now)
    ready.push(...due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()))
  }

  return {
    owe(debt) {
      if (debt.dueAt.getTime() <= clock.world().getTime()) ready.push(debt)
      else later.push(debt)
      wake(debt)
    },
    releaseDue: alarm.now,
    stop: alarm.stop,
  }
}

/** A debt is never cut: all steps of a text go in one call, in order. */
function howManyFit(debts: ReceiptsDebt[]): number {
  let receipts = 0
  const over = debts.findIndex(({ due }) => {
    receipts += due.about.length * due.steps.length
    return receipts > MAX_RECEIPTS_A_CALL
  })
  return over === -1 ? debts.length : Math.max(over, 1)
}

function spell({ due }: ReceiptsDebt): Receipt[] {
  return due.about.flatMap(text => due.steps.map(step => ({ ...text, ...step })))
}
