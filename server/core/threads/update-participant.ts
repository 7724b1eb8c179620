import { groupMembers } from '../../domain/group-text.ts'
import { channelOf } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Participant } from '../../store/participants.ts'
import { loadRoles, type Role } from '../../store/roles.ts'
import { act } from '../act.ts'
import { granted } from '../attempt.ts'
import type { Core } from '../core.ts'
import { AUTOMATIC } from '../pools/claim-from-pool.ts'
import type { Act } from '../step.ts'
import { Users } from '../users/users.ts'
import { withNumbers } from './automatic-numbers.ts'
import { loadParticipant, type ParticipantRef } from './find-participant.ts'
import { holdsThread } from './own-pair.ts'
import { mustHaveRoom, type ParticipantShape } from './participant-shape.ts'
import type { LiveThread, ThreadBook } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

/** What is to be changed of a participant; what is left out stays. */
export interface ParticipantChange extends ParticipantRef {
  attributes?: string
  roleId?: string
  /** Our number that texts them, or `AUTOMATIC`; null takes it away. */
  proxy?: string | null
  /** Our number as which they speak in a group text; null takes it away. */
  projected?: string | null
  /** Whoever speaks as a projected number from now on. */
  identity?: string
  lastReadIndex?: number | null
  lastReadAt?: Date | null
  notificationLevel?: Participant['notificationLevel']
  createdAt?: Date
  updatedAt?: Date
  cause: Cause
}

/** The participant as changed, with the thread that they take part in. */
export type ChangedParticipant = { participant: Participant; live: LiveThread }

/**
 * Changes a participant of an open thread. Refuses `not_found`, `thread_closed`, `role_unknown`, `number_unknown`,
 * `address_invalid`, `thread_full`, `participant_unfit` (a change that does not fit their kind, or takes a queue's or a
 * pool's thread away from it), and what binding a pair, an identity or a group refuses.
 */
export async function updateParticipant(
  core: Core,
  accountId: string,
  change: ParticipantChange,
): Promise<ChangedParticipant> {
  return act(core, accountId, async step => {
    const { book, live, participant } = await loadParticipant(step, change)
    const { serviceId } = live.thread
    if (change.roleId) await mustBeRole(step, serviceId, change.roleId)
    const shape = shapeOf(participant, { ...change, ...(await chosenProxy(step, book, live, participant, change)) })
    if (shape) await reshape(step, book, live, participant, shape)
    if (change.identity) await nameSpeaker(step, live, participant, change.cause)
    Object.assign(participant, plainFields(step, change))
    book.updateParticipant(live, participant, change.cause)
    if (change.updatedAt) participant.updatedAt = change.updatedAt
    book.store()
    return { participant, live }
  })
}

/** The number that the thread's pool chooses, where the change leaves it to the pool. */
async function chosenProxy(
  step: Act,
  book: ThreadBook,
  { thread }: LiveThread,
  { person }: Participant,
  { proxy }: ParticipantChange,
): Promise<Pick<ParticipantChange, 'proxy'>> {
  if (proxy !== AUTOMATIC || !person) return {}
  const [chosen] = await withNumbers(step, book, [{ participant: { kind: 'sms', person, number: proxy }, thread }])
  return chosen ? { proxy: granted(chosen).number ?? null } : {}
}

function plainFields(step: Act, change: ParticipantChange): Partial<Participant> {
  const { attributes, roleId, notificationLevel, lastReadIndex, lastReadAt, createdAt } = change
  const readAt =
    lastReadAt === undefined && lastReadIndex !== undefined ? (lastReadIndex === null ? null : step.now) : lastReadAt
  return {
    ...(attributes !== undefined && { attributes }),
    ...(roleId !== undefined && { roleId }),
    ...(notificationLevel !== undefined && { notificationLevel }),
    ...(lastReadIndex !== undefined && { lastReadIndex }),
    ...(readAt !== undefined && { lastReadAt: readAt }),
    ...(createdAt !== undefined && { createdAt }),
  }
}

/** What the participant becomes by a change of numbers or identity; null when nothing of that kind is asked. */
function shapeOf(participant: Participant, { proxy, projected, identity }: ParticipantChange): ParticipantShape | null {
  const shape: ParticipantShape = {
    kind: participant.kind,
    identity: participant.identity,
    person: participant.person,
    number: participant.number,
  }
  if (proxy !== undefined) setProxy(shape, proxy)
  if (projected !== undefined) setProjected(shape, projected)
  if (identity !== undefined) setIdentity(shape, identity)
  return proxy === undefined && projected === undefined && identity === undefined ? null : shape
}

function setProxy(shape: ParticipantShape, proxy: string | null): void {
  if (proxy === null) {
    if (shape.kind !== 'sms') throw unfit('remove_proxy')
    shape.kind = 'group'
  } else {
    if (shape.kind !== 'sms' && shape.kind !== 'group') throw unfit('add_proxy')
    if (proxy === shape.person) throw new Refusal('participant_unfit', 'The numbers are equal.', { change: 'equal' })
    if (channelOf(proxy) !== channelOf(shape.person ?? '')) {
      throw new Refusal('participant_unfit', 'The numbers are of different channels.', { change: 'channel' })
    }
    shape.kind = 'sms'
  }
  shape.number = proxy
}

function setProjected(shape: ParticipantShape, projected: string | null): void {
  if (projected === null) {
    if (shape.kind !== 'projected' || !shape.identity) throw unfit('remove_projected')
    shape.kind = 'chat'
  } else {
    if (shape.kind !== 'chat' && shape.kind !== 'projected') throw unfit('add_projected')
    shape.kind = 'projected'
  }
  shape.number = projected
}

function setIdentity(shape: ParticipantShape, identity: string): void {
  if (shape.kind !== 'projected' || shape.identity) throw unfit('add_identity')
  shape.identity = identity
}

function unfit(change: string): Refusal {
  return new Refusal('participant_unfit', 'The participant cannot be changed so.', { change })
}

async function reshape(
  step: Act,
  book: ThreadBook,
  live: LiveThread,
  participant: Participant,
  shape: ParticipantShape,
): Promise<void> {
  const { kind, person, number, identity } = shape
  const route = number ? (await step.numberRoutes([number])).get(number) : undefined
  if (number && !route) {
    throw new Refusal('number_unknown', `${number} is no number of this account.`, { number, as: kind })
  }
  const isItsPair = holdsThread(live, participant)
  if (isItsPair && route?.owner?.id !== live.thread.queueId) {
    throw unfit(number === null ? 'remove_proxy' : 'leave_queue')
  }
  if (identity) await book.lookUpIdentities([{ threadId: live.thread.id, identity }])
  if (kind === 'sms' && person && number) await book.lookUp([{ person, number }])
  const all = live.participants.map(each => (each === participant ? shape : each))
  if (kind !== participant.kind) mustHaveRoom(all, [shape])
  const members = groupMembers(all)
  if (members) await book.lookUpGroups([members])
  book.reshape(live, participant, shape)
  if (isItsPair) live.thread.number = number
  if (isItsPair) book.touch(live.thread)
}

/** An identity that takes over a number has a user and a role, as one that joins. */
async function nameSpeaker(step: Act, { thread }: LiveThread, participant: Participant, cause: Cause): Promise<void> {
  const { serviceId } = thread
  const identity = participant.identity ?? ''
  const service = (await step.services([serviceId])).get(serviceId)
  const users = await Users.load(step, [{ serviceId, identity }])
  users.ensure(step, serviceId, identity, service?.settings.userRoleId ?? null, cause)
  participant.roleId ??= service?.settings.threadRoleId ?? null
}

async function mustBeRole(step: Act, serviceId: string, roleId: string): Promise<void> {
  const [role] = await step.load<Role>(loadRoles, [step.accountId, JSON.stringify([roleId])])
  if (role?.serviceId !== serviceId || role.kind !== 'conversation') {
    throw new Refusal('role_unknown', 'There is no such role of conversations.')
  }
}
