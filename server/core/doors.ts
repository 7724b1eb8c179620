import { isAway } from '../kit/database-away.ts'
import { gather } from '../kit/gather.ts'
import { type Attempt, granted } from './attempt.ts'
import { type FinishedCall, finishCalls } from './calls/finish-calls.ts'
import type { Core } from './core.ts'
import { type Arrival, type Received, receiveSms } from './inbound/receive-sms.ts'
import { type OpenAnswer, openInPool, type ThreadWish } from './pools/open-in-pool.ts'
import { type ReportedReceipt, reportReceipts } from './receipts/report-receipts.ts'
import { editTexts, type SmsEdit, type SmsEdited } from './sending/edit-sms.ts'
import { recordSent, type SentText } from './sending/record-sent.ts'
import { type SendAnswer, type SendRequest, sendSms } from './sending/send-sms.ts'
import { type SendingAsked, startSending } from './sending/start-sending.ts'
import { finishPushes } from './subscriptions/finish-pushes.ts'
import { type AskedCall, finishAsked } from './threads/finish-asked.ts'

/** The acts that come by the thousand, each behind a door that makes one transaction of what arrives together. */
export interface Doors {
  send(accountId: string, request: SendRequest): Promise<SendAnswer>
  openInPool(accountId: string, wish: ThreadWish): Promise<OpenAnswer>
  edit(accountId: string, edit: SmsEdit): Promise<SmsEdited>
  receive(accountId: string, arrival: Arrival): Promise<Received>
  /** Whether the receipt's text is known. */
  report(accountId: string, receipt: ReportedReceipt): Promise<boolean>
  /** Of texts that many others of their numbers leave beside. */
  many: SendingDoors
  /** Of texts that leave alone: they need not wait behind the many. */
  few: SendingDoors
  finishCall(accountId: string, finished: FinishedCall): Promise<void>
  /** Of pushes; whether it will be tried again. */
  finishPush(accountId: string, finished: FinishedCall): Promise<boolean>
  /** Of calls that ask. */
  finishAsked(accountId: string, asked: AskedCall): Promise<void>
}

export interface SendingDoors {
  startSending(accountId: string, asked: SendingAsked): Promise<boolean>
  recordSent(accountId: string, sent: SentText): Promise<void>
}

/** Keeps an act under the limit of 1,000 rows written: at most five rows a text. */
const MAX_BATCH = 200
/** Rows that an act may write, where its items say how many each needs. */
const MAX_ROWS = 1000
/** The thread, its participant, pair, message, text and session; the place of its number; the thread that made room. */
const ROWS_A_POOL_THREAD = 10
const ROWS_A_TEXT = 5
/** What a row of a file counts for: an act carries 8 MB at most, which takes no second. */
const BYTES_A_ROW = 8 * 1024
/** A node writes an account by one act at a time; the next batch fills meanwhile. */
const MAX_IN_FLIGHT = 1

export function openDoors(core: Core): Doors {
  return {
    send: perAccount((accountId, requests: SendRequest[]) => sendSms(core, accountId, requests), rowsOf),
    openInPool: untilAnswered(
      perAccount(
        (accountId, wishes: ThreadWish[]) => openInPool(core, accountId, wishes),
        () => ROWS_A_POOL_THREAD,
      ),
    ),
    edit: perAccount((accountId, edits: SmsEdit[]) => editTexts(core, accountId, edits)),
    receive: perAccount((accountId, arrivals: Arrival[]) => receiveSms(core, accountId, arrivals), rowsOfArrival),
    report: perAccount((accountId, receipts: ReportedReceipt[]) => reportReceipts(core, accountId, receipts)),
    many: openSendingDoors(core),
    few: openSendingDoors(core),
    finishCall: perAccount((accountId, calls: FinishedCall[]) => finishCalls(core, accountId, calls), rowsOfCall),
    finishPush: perAccount((accountId, calls: FinishedCall[]) => finishPushes(core, accountId, calls)),
    finishAsked: perAccount((accountId, asked: AskedCall[]) => finishAsked(core, accountId, asked)),
  }
}

function openSendingDoors(core: Core): SendingDoors {
  return {
    startSending: perAccount((accountId, asked: SendingAsked[]) => startSending(core, accountId, asked)),
    recordSent: perAccount((accountId, texts: SentText[]) => recordSent(core, accountId, texts)),
  }
}

/** The text, its session, its call and its files. */
function rowsOf({ mediaUrls }: { mediaUrls: string[] }): number {
  return 4 + mediaUrls.length
}

function rowsOfArrival({ text }: Arrival): number {
  return text.media.reduce((rows, { bytes }) => rows + 1 + Math.ceil(bytes.length / BYTES_A_ROW), ROWS_A_TEXT)
}

/** The call and its session, and as many for each reply as for a text that is sent. One with a long story counts for more. */
function rowsOfCall({ replies, hops }: FinishedCall): number {
  return 2 + Math.ceil(hops.length / 10) + replies.reduce((rows, reply) => rows + rowsOf(reply), 0)
}

/**
 * A door for each account. A batch that fails on its data is run again one by one, so that a poisoned item fails
 * alone; one that fails because the database is away fails whole.
 */
export function perAccount<In, Out>(
  run: (accountId: string, items: In[]) => Promise<Out[]>,
  weigh: (item: In) => number = () => 0,
): (accountId: string, item: In) => Promise<Out> {
  const doors = new Map<string, (item: In) => Promise<Out>>()
  return (accountId, item) => {
    let door = doors.get(accountId)
    if (!door) {
      door = gather<In, Out>({
        run: items => run(accountId, items),
        maxBatch: MAX_BATCH,
        maxInFlight: MAX_IN_FLIGHT,
        weigh,
        maxWeight: MAX_ROWS,
        isPoison: error => !isAway(error),
      })
      doors.set(accountId, door)
    }
    return door(item)
  }
}

/** A door as one that items pass again for which it had no answer yet. */
function untilAnswered<In, Out extends object>(door: (accountId: string, item: In) => Promise<Out | null>) {
  return async (accountId: string, item: In): Promise<Out> => {
    for (;;) {
      const answer = await door(accountId, item)
      if (answer) return answer
    }
  }
}

/** A door of attempts as one that throws what is refused. */
export function granting<In, Out>(door: (accountId: string, item: In) => Promise<Attempt<Out>>) {
  return async (accountId: string, item: In): Promise<Out> => granted(await door(accountId, item))
}
