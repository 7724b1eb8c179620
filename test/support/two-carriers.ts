import { openSmsc, type Smsc } from './smsc.ts'
import { ACCOUNT_SID, type Answer, AUTH_TOKEN, openTestHouse, type TestHouse } from './test-house.ts'

export interface TwoCarriers extends TestHouse {
  op1: Smsc
  op2: Smsc
  /** Sends a text; its SID. */
  send(from: string, to: string, body: string, more?: Record<string, string>): Promise<string>
  /** A text's resource, once it is so. */
  textOf(sid: string, isSo: (text: Answer['body']) => boolean): Promise<Answer['body']>
  /** Both SMSCs go, and the house with them. */
  end(): Promise<void>
}

type Numbers = { number: string; carrier: string; type?: 'local' | 'toll_free' | 'short_code'; delivery?: object }[]

/** A whole house with numbers at two SMPP accounts, each at an SMSC of its own. */
export async function openTwoCarriers(numbers: Numbers, delivery: object = {}): Promise<TwoCarriers> {
  const [op1, op2] = [await openSmsc(), await openSmsc()]
  const carriers = [op1, op2].map(({ port }, at) => ({
    name: `op${at + 1}`,
    kind: 'smpp' as const,
    url: `smpp://127.0.0.1:${port}`,
    systemId: 'heddle',
    password: 'secret',
    reconnectWithinMs: 200,
    errors: { '0x424': 21610 },
  }))
  const account = { sid: ACCOUNT_SID, authToken: AUTH_TOKEN, name: 'Test', carriers, numbers, delivery }
  const house = await openTestHouse({ accounts: [account] })
  const messages = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages`
  return {
    ...house,
    op1,
    op2,
    async send(from, to, body, more = {}) {
      const form = new URLSearchParams({ From: from, To: to, Body: body, ...more })
      const answer = await house.ask('POST', `${messages}.json`, form)
      if (answer.status !== 201) throw new Error(`Refused: ${JSON.stringify(answer.body)}`)
      return answer.body.sid
    },
    async textOf(sid, isSo) {
      for (const untilMs = Date.now() + 20_000; ; ) {
        const text = (await house.ask('GET', `${messages}/${sid}.json`)).body
        if (isSo(text) || Date.now() > untilMs) return text
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    async end() {
      await house.close()
      await op1.close()
      await op2.close()
    },
  }
}
