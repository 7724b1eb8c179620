import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  deletePushCredential as deleteRow,
  insertPushCredential,
  loadPushCredential,
  type PushCredential,
  updatePushCredential as updateRow,
} from '../../store/push-credentials.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { type Given, given } from '../given.ts'
import type { Act } from '../step.ts'

/** What an owner may set; secrets by the vendor's names. Left out or undefined: as it was. */
export type PushCredentialChange = Given<Pick<PushCredential, 'kind' | 'friendlyName' | 'isSandbox'>> & {
  secrets: Record<string, string>
}

/** Keeps what push notifications are sent with; nobody reads its secrets back. */
export async function createPushCredential(
  core: Core,
  accountId: string,
  { secrets, ...facts }: PushCredentialChange & Pick<PushCredential, 'kind'>,
): Promise<PushCredential> {
  return act(core, accountId, async step => {
    const version = step.tick()
    const credential: PushCredential = {
      id: newId(step.now.getTime()),
      friendlyName: null,
      isSandbox: null,
      ...given(facts),
      kind: facts.kind,
      secrets: sealed(core, secrets),
      createdAt: step.now,
      updatedAt: step.now,
      version,
      born: version,
    }
    step.changes.add(insertPushCredential, credential)
    return credential
  })
}

/** Changes what is given. Refuses `not_found`. */
export async function updatePushCredential(
  core: Core,
  accountId: string,
  id: string,
  { secrets, ...facts }: PushCredentialChange,
): Promise<PushCredential> {
  return act(core, accountId, async step => {
    const known = await getCredential(step, id)
    const before: Record<string, string> = JSON.parse(core.seal.open(Buffer.from(known.secrets, 'base64')))
    const credential: PushCredential = {
      ...known,
      ...given(facts),
      secrets: sealed(core, { ...before, ...secrets }),
      updatedAt: step.now,
      version: step.tick(),
    }
    step.changes.add(updateRow, credential)
    return credential
  })
}

/** Refuses `not_found`. */
export async function deletePushCredential(core: Core, accountId: string, id: string): Promise<void> {
  await act(core, accountId, async step => {
    await getCredential(step, id)
    step.changes.add(deleteRow, { id })
  })
}

function sealed(core: Core, secrets: Record<string, string>): string {
  return core.seal.seal(JSON.stringify(secrets)).toString('base64')
}

async function getCredential(step: Act, id: string): Promise<PushCredential> {
  const [credential] = await step.load<PushCredential>(loadPushCredential, [step.accountId, id])
  if (!credential) throw new Refusal('not_found', 'There is no such credential.')
  return credential
}
