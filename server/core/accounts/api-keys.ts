import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type ApiKeyRecord, deleteApiKey, insertApiKey, loadApiKey, renameApiKey } from '../../store/api-keys.ts'
import { claimLookup, freeLookup } from '../../store/lookups.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { randomSecret } from './random-secret.ts'

/** Makes an API key; its secret is answered here and never again. */
export async function createKey(
  core: Core,
  accountId: string,
  name: string,
): Promise<ApiKeyRecord & { secret: string }> {
  const secret = randomSecret()
  return act(core, accountId, async step => {
    const version = step.tick()
    const key: ApiKeyRecord = {
      id: newId(step.now.getTime()),
      name,
      createdAt: step.now,
      updatedAt: step.now,
      version,
      born: version,
    }
    step.changes.add(insertApiKey, { ...key, secret: core.seal.seal(secret).toString('base64') })
    step.changes.add(claimLookup, { kind: 'key', key: key.id })
    return { ...key, secret }
  })
}

/** Names a key. Refuses `not_found`. */
export async function renameKey(core: Core, accountId: string, keyId: string, name: string): Promise<ApiKeyRecord> {
  return act(core, accountId, async step => {
    const key = { ...(await getKey(step, keyId)), name, updatedAt: step.now, version: step.tick() }
    step.changes.add(renameApiKey, { id: keyId, name, updatedAt: key.updatedAt, version: key.version })
    return key
  })
}

/** Revokes a key; whoever remembers it must be told to forget. Refuses `not_found`. */
export async function deleteKey(core: Core, accountId: string, keyId: string): Promise<void> {
  await act(core, accountId, async step => {
    await getKey(step, keyId)
    step.changes.add(deleteApiKey, { id: keyId, at: step.now, version: step.tick() })
    step.changes.add(freeLookup, { kind: 'key', key: keyId })
  })
}

async function getKey(step: Act, keyId: string): Promise<ApiKeyRecord> {
  const [key] = await step.load<ApiKeyRecord>(loadApiKey, [step.accountId, keyId])
  if (!key) throw new Refusal('not_found', 'The account has no such key.')
  return key
}
