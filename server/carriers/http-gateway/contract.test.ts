import { randomUUID } from 'node:crypto'
import { type GatewayCall, openFakeGateway, openGatewayCarrier } from '../../../test/support/fake-gateway.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import { carrierContract } from '../carrier.contract.ts'

const RETRY_AFTER_MS = 20

carrierContract('an HTTP gateway', async () => {
  const gateway = await openFakeGateway()
  const open = await openGatewayCarrier({
    name: 'gw',
    kind: 'http',
    secrets: { token: 'a token' },
    send: {
      url: `${gateway.url}/send`,
      json: { from: '{from}', to: '{recipients}', text: '{text}', status: '{statusUrl}' },
    },
    answer: { id: 'id', code: 'error' },
    errors: { unreachable: 30003 },
    signature: { kind: 'token', query: 'key', equals: '{secret.token}' },
    inbound: { id: 'id', from: 'from', number: 'to', text: 'text' },
    receipts: { id: 'id', number: 'from', status: 'status', statuses: { delivered: 'delivered' } },
  })
  const refused = new Set<string>()
  const phones = openKeyedQueue({ maxRunning: 100 })
  let isClosed = false

  /** The network calls again until it is answered, each phone's texts in order. */
  async function tell(url: string, body: object): Promise<void> {
    while (!isClosed) {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => null)
      if (response?.ok) return
      await new Promise(resolve => setTimeout(resolve, RETRY_AFTER_MS))
    }
    throw new Error('the network was closed')
  }

  const textsIn = ({ body }: GatewayCall): { person: string; number: string; body: string }[] => {
    const { from, to, text } = JSON.parse(body)
    return to.map((person: string) => ({ person, number: from, body: text }))
  }

  gateway.answer = call => {
    const { from, to, status } = JSON.parse(call.body)
    if (to.some((person: string) => refused.has(person))) return { status: 400, body: { error: 'unreachable' } }
    const id = randomUUID()
    // The receipt of a text may come before its answer.
    void tell(status, { id, from, status: 'delivered' }).catch(() => {})
    return { status: 200, body: { id } }
  }
  await open.carrier.start()
  return {
    carrier: open.carrier,
    house: open.house,
    shown: async () => gateway.calls.flatMap(textsIn),
    async sendFromPhone({ person, number, body }) {
      const id = randomUUID()
      const text = { id, from: person, to: number, text: body }
      await new Promise<void>((resolve, reject) => {
        void phones.push(person, () => tell(`${open.callbackUrl}/inbound?key=a+token`, text).then(resolve, reject))
      })
    },
    refuse: person => refused.add(person),
    async close() {
      isClosed = true
      await open.close()
      await gateway.close()
    },
  }
})
