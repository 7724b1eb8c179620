import type { Seed } from '../../server/domain/seed.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type TestHouse } from './test-house.ts'

export const NUMBER = '+15550001000'
export const PHONE = '+15557770001'
export const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`

export interface TextResource {
  status: string
  error_code: number | null
  error_message: string | null
}

export interface SmppHouse extends TestHouse {
  /** Sends a text from our number; its resource. */
  send(to: string, body: string, from?: string): Promise<{ sid: string }>
  /** The status of a text, once it is one of these. */
  statusOf(sid: string, ...wanted: string[]): Promise<string>
  /** The same in Heddle's own words: only there is a text unknown. */
  fateOf(sid: string, ...wanted: string[]): Promise<string>
  /** A text's resource, once it is so. */
  textOf(sid: string, isSo: (text: TextResource) => boolean): Promise<TextResource>
  /** What came from a phone, oldest first. */
  heardFrom(person: string): Promise<{ body: string; to: string; error_code: number | null }[]>
}

/** A whole house with one number on one SMPP account. */
export async function openSmppHouse(
  port: number,
  more: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<SmppHouse> {
  const carrier = {
    name: 'op1',
    kind: 'smpp' as const,
    url: `smpp://127.0.0.1:${port}`,
    systemId: 'heddle',
    password: 'secret',
    reconnectWithinMs: 200,
    ...more,
  }
  const seed: Seed = {
    accounts: [
      {
        sid: ACCOUNT_SID,
        authToken: AUTH_TOKEN,
        name: 'Test',
        carriers: [carrier],
        numbers: [
          { number: NUMBER, carrier: 'op1' },
          { number: '28000', carrier: 'op1' },
        ],
      },
    ],
  }
  const house = await openTestHouse(seed, env)
  const path = (sid: string) => `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sid}.json`
  async function textOf(sid: string, isSo: (text: TextResource) => boolean): Promise<TextResource> {
    const untilMs = Date.now() + 15_000
    for (;;) {
      const text: TextResource = (await house.ask('GET', path(sid))).body
      if (isSo(text) || Date.now() > untilMs) return text
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  return {
    ...house,
    async send(to, body, from = NUMBER) {
      const answer = await house.ask('POST', MESSAGES, new URLSearchParams({ From: from, To: to, Body: body }))
      if (answer.status !== 201) throw new Error(`Refused: ${JSON.stringify(answer.body)}`)
      return answer.body
    },
    textOf,
    async statusOf(sid, ...wanted) {
      return (await textOf(sid, text => wanted.includes(text.status))).status
    },
    async fateOf(sid, ...wanted) {
      const untilMs = Date.now() + 15_000
      for (;;) {
        const { status } = (await house.ask('GET', `/v1/texts/${sid}`)).body
        if (wanted.includes(status) || Date.now() > untilMs) return status
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    async heardFrom(person) {
      const answer = await house.ask('GET', `${MESSAGES}?From=${encodeURIComponent(person)}&PageSize=1000`)
      return answer.body.messages.reverse()
    },
  }
}
