import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { COMMAND, RESPONSE, STATUS } from './commands.ts'
import { BindFailed } from './connect.ts'
import { Link } from './link.ts'
import { encodePdu, encodeResponse, type Pdu, readPdu } from './pdu.ts'

const sockets = new Set<Socket>()
const ended: string[] = []
let server: Server

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  ended.length = 0
  server.close()
})

/** Opens a link to an SMSC that answers its bind, the first bytes that come, with these. */
async function openLink(answerTo: (bind: Pdu) => Buffer): Promise<Link> {
  server = createServer(socket => {
    sockets.add(socket)
    socket.once('data', bytes => socket.write(answerTo(readPdu(bytes))))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return Link.open({
    settings: { url: `smpp://127.0.0.1:${port}`, systemId: 'heddle' },
    password: 'secret',
    role: 'transceiver',
    nowMs: () => performance.now(),
    onDelivery() {},
    onRoom() {},
    onEnd: (_, reason) => ended.push(reason),
    onDoubt() {},
    onSure() {},
  })
}

test('an SMSC that binds us and unbinds us in one breath has not bound us', async () => {
  const opened = openLink(({ command, sequence }) => {
    const bound = encodeResponse((command | RESPONSE) >>> 0, STATUS.ok, sequence, true)
    return Buffer.concat([bound, encodePdu('unbind', { sequence_number: 1 })])
  })
  await expect(opened).rejects.toThrow(BindFailed)
  expect(ended).toEqual([])
})

test('a nack says no, whatever its status', async () => {
  const opened = openLink(({ sequence }) => encodeResponse(COMMAND.generic_nack, STATUS.ok, sequence, false))
  await expect(opened).rejects.toThrow(BindFailed)
})
