import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { memoryOfCarrier } from '../../../test/support/memory-carrier.ts'
import { listeningHouse } from '../../../test/support/simulated-network.ts'
import { openSmsc } from '../../../test/support/smsc.ts'
import { movableClock } from '../../domain/clock.ts'
import { createHttpClient } from '../../kit/http-client.ts'
import { openSmpp } from './smpp.ts'

test('a text that came again stays in doubt until the answer to it was surely read', async () => {
  const smsc = await openSmsc()
  const memory = memoryOfCarrier()
  const deeds: string[] = []
  const { trust } = memory
  memory.trust = async names => {
    deeds.push('settled')
    await trust(names)
  }
  const client = createHttpClient()
  const carrier = openSmpp({
    id: 'op1',
    settings: { url: `smpp://127.0.0.1:${smsc.port}`, systemId: 'heddle', reconnectWithinMs: 100 },
    secrets: { password: 'secret' },
    doors: listeningHouse(),
    memory,
    clock: movableClock(() => 0),
    client,
    callbackUrl: () => '',
    ids: randomUUID,
    onError() {},
    onNotice() {},
  })
  await carrier.start()
  await smsc.until(() => smsc.binds.length === 1)
  const text = { source_addr: '15557770001', destination_addr: '15550001000', short_message: 'yes' }
  expect(await smsc.deliver(text)).toBe(0)
  smsc.drop()
  await expect.poll(() => memory.doubts.size).toBe(1)
  await smsc.until(() => smsc.binds.length === 2)
  smsc.sessions.at(-1)?.prependListener('pdu', pdu => {
    if (pdu.command === 'enquire_link') deeds.push('asked')
  })
  expect(await smsc.deliver(text)).toBe(0)
  await expect.poll(() => memory.doubts.size).toBe(0)
  expect(deeds).toEqual(['asked', 'settled'])
  await carrier.stop()
  await client.close()
  await smsc.close()
})
