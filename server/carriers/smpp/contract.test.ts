import { randomUUID } from 'node:crypto'
import { memoryOfCarrier } from '../../../test/support/memory-carrier.ts'
import { listeningHouse } from '../../../test/support/simulated-network.ts'
import { openSmsc } from '../../../test/support/smsc.ts'
import { movableClock } from '../../domain/clock.ts'
import { createHttpClient } from '../../kit/http-client.ts'
import { carrierContract } from '../carrier.contract.ts'
import { openSmpp } from './smpp.ts'

const wire = (address: string) => address.replace('+', '')

carrierContract(
  'SMPP',
  async () => {
    const smsc = await openSmsc()
    const house = listeningHouse()
    const refused = new Set<string>()
    smsc.onSubmit = submit => {
      if (refused.has(`+${submit.destination}`)) return { status: 0x0b }
      // The receipt of a text may come before its answer.
      void report(submit)
      return {}
    }
    const report = async (submit: Parameters<typeof smsc.receipt>[0]) => {
      for (let status = 1; status !== 0 && status !== null; ) status = (await smsc.receipt(submit)) as number
    }
    const carrier = openSmpp({
      id: 'op1',
      settings: { url: `smpp://127.0.0.1:${smsc.port}`, systemId: 'heddle', reconnectWithinMs: 100 },
      secrets: { password: 'secret' },
      doors: house,
      memory: memoryOfCarrier(),
      clock: movableClock(() => 0),
      client: createHttpClient(),
      callbackUrl: () => '',
      ids: randomUUID,
      onError() {},
      onNotice() {},
    })
    await carrier.start()
    await smsc.until(() => smsc.sessions.length > 0)
    while (!carrier.health?.().isBound) await new Promise(resolve => setTimeout(resolve, 10))
    return {
      carrier,
      house,
      shown: async () =>
        smsc.submits.map(({ source, destination, body }) => ({
          person: `+${destination}`,
          number: `+${source}`,
          body,
        })),
      async sendFromPhone({ person, number, body }) {
        const status = await smsc.deliver({
          source_addr: wire(person),
          destination_addr: wire(number),
          data_coding: 8,
          short_message: Buffer.from(body, 'utf16le').swap16(),
        })
        if (status !== 0) throw new Error(`answered with ${status}`)
      },
      refuse: person => refused.add(person),
      async close() {
        await carrier.stop()
        await smsc.close()
      },
    }
  },
  { 'a text to a group reaches each phone once': 'SMPP 3.4 carries no group texts' },
)
