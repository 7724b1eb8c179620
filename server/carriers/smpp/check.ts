import type { Clock } from '../../domain/clock.ts'
import type { SmppSecrets, SmppSettings } from '../../domain/smpp-settings.ts'
import { rolesOf } from './binds.ts'
import { BindFailed } from './connect.ts'
import { Link } from './link.ts'

/** Binds once in each role, asks whether the link is alive, and takes leave. Throws `BindFailed` with what is wrong. */
export async function checkSmpp(asked: {
  settings: SmppSettings
  secrets: SmppSecrets
  clock: Clock
}): Promise<string> {
  const { settings, secrets, clock } = asked
  const startedMs = clock.machineMs()
  const roles = rolesOf({ ...settings, binds: 1 })
  for (const role of roles) {
    const link = await Link.open({
      settings,
      password: secrets.password,
      role,
      nowMs: clock.machineMs,
      onDelivery() {},
      onRoom() {},
      onEnd() {},
      onDoubt() {},
      onSure() {},
    })
    const reply = await link.request('enquire_link', {})
    await link.close()
    if (reply.kind === 'lost') throw new BindFailed(`The SMSC bound us as ${role} and then ended the link.`)
  }
  return `Bound to ${new URL(settings.url).host} as ${roles.join(' and ')} in ${clock.machineMs() - startedMs} ms.`
}
