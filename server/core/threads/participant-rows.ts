import { insertParticipant, type Participant, updateParticipant } from '../../store/participants.ts'
import type { Act } from '../step.ts'

/** The participants' own rows within an act; each is written once. */
export class ParticipantRows {
  readonly #step: Act
  readonly #new = new Map<string, Participant>()
  readonly #changed = new Map<string, Participant>()

  constructor(step: Act) {
    this.#step = step
  }

  add(participant: Participant): void {
    participant.version = this.#step.tick()
    participant.born = participant.version
    this.#new.set(participant.id, participant)
  }

  touch(participant: Participant): void {
    participant.updatedAt = this.#step.now
    participant.version = this.#step.tick()
    if (!this.#new.has(participant.id)) this.#changed.set(participant.id, participant)
  }

  store(): void {
    const { changes } = this.#step
    changes.add(insertParticipant, ...this.#new.values())
    changes.add(updateParticipant, ...this.#changed.values())
  }
}
