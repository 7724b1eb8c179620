import { loadOwnedNumbers } from '../../store/lookups.ts'
import type { Act } from '../step.ts'
import type { ThreadBook } from './thread-book.ts'

/**
 * Which persons are numbers of this server. Two threads may each have a number of the other as a person; a text that
 * came from a number of this server therefore goes on to phones, and never to another such number: else it would ring
 * for ever.
 */
export class LocalNumbers {
  readonly #numbers: ReadonlySet<string>

  private constructor(numbers: ReadonlySet<string>) {
    this.#numbers = numbers
  }

  /** Looks only where a text of the senders could go on to somebody. */
  static async load(step: Act, book: ThreadBook, senders: string[]): Promise<LocalNumbers> {
    const speaking = new Set(senders)
    const asked = new Set<string>()
    for (const { participants } of book.all()) {
      const persons = participants.flatMap(({ person }) => person ?? [])
      if (persons.length > 1 && persons.some(person => speaking.has(person)))
        for (const each of persons) asked.add(each)
    }
    const owned = await ownedOf(
      step,
      senders.filter(person => asked.has(person)),
    )
    // Nearly always: nobody who speaks is a number of this server, so it does not matter who hears.
    return new LocalNumbers(owned.length === 0 ? new Set() : new Set(await ownedOf(step, [...asked])))
  }

  /** Whether a text from one would go on to the other for ever. */
  areBoth(sender: string, recipient: string): boolean {
    return this.#numbers.has(sender) && this.#numbers.has(recipient)
  }
}

async function ownedOf(step: Act, persons: string[]): Promise<string[]> {
  if (persons.length === 0) return []
  const rows = await step.load<{ number: string }>(loadOwnedNumbers, [JSON.stringify(persons)])
  return rows.map(row => row.number)
}
