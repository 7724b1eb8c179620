import { randomUUID } from 'node:crypto'
import { mountCarrier } from '../../server/carriers/mount-carrier.ts'
import { openTwilio } from '../../server/carriers/twilio/twilio.ts'
import { movableClock } from '../../server/domain/clock.ts'
import type { TwilioSettings } from '../../server/domain/twilio-settings.ts'
import { openHttpServer } from '../../server/http/server.ts'
import { createHttpClient } from '../../server/kit/http-client.ts'
import { openFakeTwilio, TWILIO_SID, TWILIO_TOKEN } from './fake-twilio.ts'
import { memoryOfCarrier } from './memory-carrier.ts'
import { memoryLedger } from './memory-ledger.ts'
import { listeningHouse } from './simulated-network.ts'

const PATH = '/carriers/AC00000000000000000000000000000001/0190'

/** A Twilio carrier between a house that listens and an account on loopback; `callback` is where it is called. */
export async function openTestedTwilio(settings: Partial<TwilioSettings> = {}) {
  const twilio = await openFakeTwilio()
  const house = listeningHouse()
  const ledger = memoryLedger(house)
  const notices: string[] = []
  const client = createHttpClient()
  const server = openHttpServer({
    trustProxy: false,
    isReady: async () => true,
    carriers: async () => [],
    onError() {},
  })
  let callback = ''
  const carrier = openTwilio({
    id: 'tw',
    settings: { accountSid: TWILIO_SID, url: twilio.url, ...settings },
    secrets: { authToken: TWILIO_TOKEN },
    doors: house,
    memory: memoryOfCarrier(),
    ledger,
    clock: movableClock(() => 0),
    client,
    callbackUrl: () => callback,
    ids: randomUUID,
    onError() {},
    onNotice: message => notices.push(message),
  })
  mountCarrier(server, carrier, PATH)
  await server.listen({ host: '127.0.0.1', port: 0 })
  const address = server.server.address()
  callback = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}${PATH}`
  return {
    twilio,
    house,
    ledger,
    notices,
    carrier,
    callback,
    async close() {
      await carrier.stop()
      await server.close()
      await client.close()
      await twilio.close()
    },
  }
}
