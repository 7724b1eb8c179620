import { newId } from '../../domain/ids.ts'
import type { Core } from '../core.ts'
import { changeUser } from '../users/change-user.ts'
import { aboutMessageChange, aboutMessageRemoval, aboutSaying } from './about-messages.ts'
import {
  aboutFirstParticipant,
  aboutJoining,
  aboutParticipantChange,
  aboutParticipantRemoval,
  aboutUserChange,
} from './about-participants.ts'
import { aboutDeletion, aboutOpening, aboutUpdate } from './about-threads.ts'
import { type Asking, askFirst } from './ask-first.ts'
import { changeMessage, removeMessage } from './change-message.ts'
import { deleteThread } from './delete-thread.ts'
import { removeParticipant } from './remove-participant.ts'
import type { ThreadDoors } from './thread-doors.ts'
import type { Cause } from './thread-events.ts'
import { updateParticipant } from './update-participant.ts'
import { updateThread } from './update-thread.ts'

/** The doors to threads, for callers whose hooks are asked first: see `askFirst`. */
export function askingDoors(core: Core, doors: ThreadDoors): ThreadDoors {
  return {
    async open(accountId, opening) {
      const changes = await askFirst(core, accountId, opening.cause, aboutOpening(opening.thread))
      const thread = { ...opening.thread, ...changes, id: newId(core.clock.world().getTime()) }
      // All at once: an app that hangs is waited for once.
      await Promise.all(
        opening.participants.map(participant =>
          askFirst(core, accountId, opening.cause, aboutFirstParticipant(thread, participant)),
        ),
      )
      return doors.open(accountId, { ...opening, thread })
    },
    async join(accountId, joining) {
      await askFirst(core, accountId, joining.cause, aboutJoining(joining))
      return doors.join(accountId, joining)
    },
    async say(accountId, saying) {
      const changes = await askFirst(core, accountId, saying.cause, aboutSaying(saying))
      return doors.say(accountId, { ...saying, ...changes })
    },
  }
}

/** The acts on what is there, with the hooks asked first. Each refuses what `askFirst` and the act itself refuse. */
export const updateThreadAsked = asking(updateThread, aboutUpdate)
export const deleteThreadAsked = asking(deleteThread, aboutDeletion)
export const changeMessageAsked = asking(changeMessage, aboutMessageChange)
export const removeMessageAsked = asking(removeMessage, aboutMessageRemoval)
export const updateParticipantAsked = asking(updateParticipant, aboutParticipantChange)
export const removeParticipantAsked = asking(removeParticipant, aboutParticipantRemoval)
export const changeUserAsked = asking(changeUser, aboutUserChange)

function asking<Wish extends { cause: Cause }, Done>(
  run: (core: Core, accountId: string, wish: Wish) => Promise<Done>,
  about: (wish: NoInfer<Wish>) => Asking,
): (core: Core, accountId: string, wish: Wish) => Promise<Done> {
  return async (core, accountId, wish) => {
    const changes = await askFirst(core, accountId, wish.cause, about(wish))
    return run(core, accountId, { ...wish, ...changes })
  }
}
