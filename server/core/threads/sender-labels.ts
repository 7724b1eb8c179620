import { nameInAttributes } from '../../domain/attributes.ts'
import { maskNumber } from '../../domain/phone-number.ts'
import type { Thread } from '../../domain/thread.ts'
import type { Message } from '../../store/messages.ts'
import type { Service } from '../../store/services.ts'
import type { Act } from '../step.ts'
import { Users } from '../users/users.ts'
import type { LiveThread, ThreadBook } from './thread-book.ts'

/** Whoever speaks through the API without saying as whom. */
export const NOBODY = 'system'

/**
 * How texts to phones name their author, "Ann: ...", where a thread or its service says so: without it nobody in a group
 * of phones can tell who wrote.
 */
export class SenderLabels {
  readonly #services: Map<string, Service>
  readonly #users: Users

  private constructor(services: Map<string, Service>, users: Users) {
    this.#services = services
    this.#users = users
  }

  static async load(
    step: Act,
    book: ThreadBook,
    authors: { threadId: string; author: string }[],
  ): Promise<SenderLabels> {
    const services = await step.services(book.all().map(({ thread }) => thread.serviceId))
    const labels = new SenderLabels(services, await Users.load(step, []))
    const named = authors.flatMap(({ threadId, author }) => {
      const thread = book.find(threadId)?.thread
      return thread && labels.#isOn(thread) ? [{ serviceId: thread.serviceId, identity: author }] : []
    })
    return named.length === 0 ? labels : new SenderLabels(services, await Users.load(step, named))
  }

  /** The name that texts of the message begin with; null for none. */
  labelOf({ thread, participants }: LiveThread, { author, participantId }: Message): string | null {
    if (!this.#isOn(thread)) return null
    const participant = participants.find(each => each.id === participantId)
    const given = participant ? nameInAttributes(participant.attributes) : null
    if (given) return given
    const user = this.#users.find(thread.serviceId, participant?.identity ?? author)
    if (user?.friendlyName) return user.friendlyName
    if (participant?.person === author) return maskNumber(author)
    return author === NOBODY ? null : author
  }

  #isOn(thread: Thread): boolean {
    return thread.labelsSenders ?? this.#services.get(thread.serviceId)?.settings.labelsSenders ?? false
  }
}
