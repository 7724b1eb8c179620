import { countQueued } from '../../store/queued-sms.ts'
import type { Act } from '../step.ts'

/** How many more texts may wait for their carrier on each sender; no end where the account sets no limit. */
export class QueueRoom {
  readonly #left: Map<string, number>

  private constructor(left: Map<string, number>) {
    this.#left = left
  }

  static async load(step: Act, senders: Iterable<string>): Promise<QueueRoom> {
    const { maxQueuedPerNumber: most } = await step.ownerSettings()
    const asked = [...new Set(senders)]
    if (most === undefined || most === null || asked.length === 0) return new QueueRoom(new Map())
    const rows = await step.load<{ number: string; queued: number }>(countQueued, [
      step.accountId,
      JSON.stringify(asked),
      most,
    ])
    return new QueueRoom(new Map(rows.map(({ number, queued }) => [number, most - queued])))
  }

  hasRoom(sender: string): boolean {
    return (this.#left.get(sender) ?? 1) > 0
  }

  /** Notes that the act queues one more. */
  take(sender: string): void {
    const left = this.#left.get(sender)
    if (left !== undefined) this.#left.set(sender, left - 1)
  }
}
