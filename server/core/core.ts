import type { Call } from '../domain/call.ts'
import type { Clock } from '../domain/clock.ts'
import type { Sms } from '../domain/sms.ts'
import type { Seal } from '../kit/seal.ts'
import type { Database } from '../store/db.ts'
import type { SettingsCache } from './settings-cache.ts'
import type { HookAnswers } from './threads/hook-answers.ts'

/** What every act needs: the database, the time, which node this is, and who carries out what acts queue. */
export interface Core {
  readonly db: Database
  readonly clock: Clock
  readonly nodeId: string
  /** Keeps the secrets that acts make. */
  readonly seal: Seal
  readonly settings: SettingsCache
  /** What apps answer to hooks that ask, for those who wait for it here. */
  readonly hookAnswers: HookAnswers
  /** Where the outside reaches this server, without a slash at the end: absolute URLs that acts hand out begin so. */
  readonly publicUrl: string
  /** Called after each commit, in the order of commits, with what the act queued; set by main. */
  readonly carry: (queued: Queued) => void
  /** Hears of each act, batch delivered and call, for the log; set by main. */
  readonly observe: (deed: Deed) => void
}

/** One line of the log. Numbers in it are masked, and there is never a body. */
export interface Deed {
  kind: 'act' | 'delivery' | 'call'
  outcome: string
  ms: number
  accountId?: string
  [detail: string]: string | number | null | undefined
}

/** What an act committed that must now be carried out: texts to carriers, calls to apps, news to listeners. */
export interface Queued {
  readonly accountId: string
  /** The account's clock before the act: where it is not the last one heard of, others have written since. */
  since: number
  /** The account's clock after the act. */
  clock: number
  readonly sms: Sms[]
  readonly calls: Call[]
  /** Lanes in which rows are due that are not among these. */
  readonly missed: string[]
  /** Lanes that fell to this node by the act: nobody held them. */
  readonly claimed: string[]
}
