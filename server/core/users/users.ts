import { newId } from '../../domain/ids.ts'
import { insertUser, loadUsersByIdentity, type User } from '../../store/users.ts'
import type { Act } from '../step.ts'
import type { Cause } from '../threads/thread-events.ts'

/** The users of identities that an act meets: one is made for an identity that has none when it first takes part. */
export class Users {
  readonly #known: Map<string, User>

  private constructor(known: Map<string, User>) {
    this.#known = known
  }

  static async load(step: Act, asked: { serviceId: string; identity: string }[]): Promise<Users> {
    if (asked.length === 0) return new Users(new Map())
    const wanted = new Map(
      asked.map(({ serviceId, identity }) => [keyOf(serviceId, identity), { serviceId, identity }]),
    )
    const rows = await step.load<User>(loadUsersByIdentity, [step.accountId, JSON.stringify([...wanted.values()])])
    return new Users(new Map(rows.map(row => [keyOf(row.serviceId, row.identity), row])))
  }

  find(serviceId: string, identity: string): User | undefined {
    return this.#known.get(keyOf(serviceId, identity))
  }

  /** The user of the identity, made if there is none. The identity was asked for when loading. */
  ensure(step: Act, serviceId: string, identity: string, roleId: string | null, cause: Cause): User {
    const known = this.find(serviceId, identity)
    if (known) return known
    const user = newUser(step, { serviceId, identity, roleId })
    this.#known.set(keyOf(serviceId, identity), user)
    step.changes.add(insertUser, user)
    step.tellOfUser({ kind: 'user_added', user, cause })
    return user
  }
}

export function newUser(
  step: Act,
  draft: Pick<User, 'serviceId' | 'identity' | 'roleId'> & Partial<Pick<User, 'friendlyName' | 'attributes'>>,
): User {
  const born = step.tick()
  return {
    friendlyName: null,
    attributes: '{}',
    ...draft,
    id: newId(step.now.getTime()),
    createdAt: step.now,
    updatedAt: step.now,
    deletedAt: null,
    version: born,
    born,
  }
}

function keyOf(serviceId: string, identity: string): string {
  return `${serviceId} ${identity}`
}
