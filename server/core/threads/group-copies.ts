import { membersKey } from '../../domain/group-text.ts'
import type { Sms } from '../../domain/sms.ts'
import { loadGroupCopies } from '../../store/group-copies.ts'
import type { Act } from '../step.ts'
import type { ThreadBook } from './thread-book.ts'

/** How long after the first the copies of one group text may come, which reached our other numbers. */
const COPIES_WITHIN_MS = 5 * 60 * 1000

/** A text that reached one of our numbers of a group, as it is told from others. */
export type GroupCopy = Pick<Sms, 'person' | 'number' | 'others' | 'body' | 'mediaCount'>

/**
 * Which of the account's numbers each group text has reached: a text to a group with several of them comes once to each,
 * and is said once.
 */
export class GroupCopies {
  /** By what makes two texts the same: the messages, oldest first, with the numbers that each has reached. */
  readonly #messages = new Map<string, { messageId: string; numbers: Set<string> }[]>()

  static async load(
    step: Act,
    book: ThreadBook,
    texts: Pick<GroupCopy, 'person' | 'number' | 'others'>[],
  ): Promise<GroupCopies> {
    const copies = new GroupCopies()
    const asked = texts.flatMap(text => {
      const live = text.others ? book.groupHolder(groupKeyOf(text)) : undefined
      const isShared = live && live.participants.filter(each => each.kind === 'projected').length > 1
      return isShared ? [{ threadId: live.thread.id, person: text.person }] : []
    })
    if (asked.length === 0) return copies
    const since = new Date(step.now.getTime() - COPIES_WITHIN_MS)
    const rows = await step.load<GroupCopy & { threadId: string; messageId: string }>(loadGroupCopies, [
      step.accountId,
      JSON.stringify(asked),
      since,
    ])
    for (const row of rows) copies.note(row.threadId, row, row.messageId)
    return copies
  }

  /** The message that the text is another copy of; null for one that is new. */
  messageOf(threadId: string, text: GroupCopy): string | null {
    const known = this.#messages.get(sameness(threadId, text)) ?? []
    return known.find(each => !each.numbers.has(text.number ?? ''))?.messageId ?? null
  }

  /** Notes that the message has reached the number of the text. */
  note(threadId: string, text: GroupCopy, messageId: string): void {
    const key = sameness(threadId, text)
    const known = this.#messages.get(key) ?? []
    const message = known.find(each => each.messageId === messageId)
    if (message) message.numbers.add(text.number ?? '')
    else known.push({ messageId, numbers: new Set([text.number ?? '']) })
    this.#messages.set(key, known)
  }
}

/** The members of a text that came in. */
export function groupKeyOf({ person, number, others }: Pick<GroupCopy, 'person' | 'number' | 'others'>): string {
  return membersKey([person, ...(number ? [number] : []), ...(others ?? [])])
}

function sameness(threadId: string, { person, body, mediaCount }: GroupCopy): string {
  return `${threadId} ${person} ${mediaCount} ${body}`
}
