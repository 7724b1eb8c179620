import type { Clock } from '../../domain/clock.ts'
import type { GatewaySecrets, GatewaySettings } from '../../domain/gateway-settings.ts'
import type { HttpClient } from '../../kit/http-client.ts'
import { createHttpClient } from '../../kit/http-client.ts'
import { parseBody } from './body.ts'
import { composeCall } from './calls.ts'
import { readField } from './path.ts'
import { openRedact } from './redact.ts'
import { Filler } from './template.ts'

interface Asked {
  settings: GatewaySettings
  secrets: GatewaySecrets
  clock: Clock
}

/** A gateway is not as it should be; the message is one line for the operator. */
export class GatewayUnwell extends Error {}

/** Calls what `check` declares, or else only reaches the host. One line of how it went; throws `GatewayUnwell`. */
export async function checkGateway(asked: Asked): Promise<string> {
  const client = createHttpClient()
  try {
    return await callCheck({ ...asked, client })
  } finally {
    await client.close()
  }
}

/** As `checkGateway`, over a client that stays open. */
export async function callCheck({ settings, secrets, clock, client }: Asked & { client: HttpClient }): Promise<string> {
  const { values = {}, maps, check } = settings
  const names = { secret: secrets.secrets ?? {}, value: values }
  const redact = openRedact(names.secret)
  const call = composeCall(settings, check ?? originOf(settings.send.url), new Filler(names, maps))
  const host = URL.canParse(call.url) ? new URL(call.url).host : redact(call.url)
  const startedMs = clock.machineMs()
  const answer = await client.request(call)
  if (answer.kind !== 'answer') throw new GatewayUnwell(redact(`${host} was not reached: ${answer.message}.`))
  const ms = clock.machineMs() - startedMs
  if (!check) return `${host} answered in ${ms} ms; no \`check\` is declared, so the credentials were not tried.`
  if (check.expect ? check.expect.includes(answer.status) : answer.status >= 200 && answer.status < 300) {
    return `${host} answered ${answer.status} in ${ms} ms.`
  }
  const parsed = parseBody(answer.body, settings.answer?.format ?? 'json')
  const source = { event: parsed, body: parsed, query: {}, headers: {} }
  const said = readField(source, settings.answer?.message)
  const why = answer.status === 401 || answer.status === 403 ? 'refused the credentials' : 'did not answer as expected'
  throw new GatewayUnwell(redact(`${host} ${why}: ${answer.status}${said === null ? '' : `, ${said.slice(0, 200)}`}.`))
}

function originOf(url: string): { method: 'GET'; url: string } {
  return { method: 'GET', url: url.replace(/^(https?:\/\/[^/?#]*).*$/, '$1/') }
}
