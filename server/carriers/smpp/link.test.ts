import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { RESPONSE, STATUS } from './commands.ts'
import { BindFailed } from './connect.ts'
import { Link } from './link.ts'
import { encodePdu, encodeResponse, readPdu } from './pdu.ts'

const server = createServer()
const sockets = new Set<Socket>()

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

test('an SMSC that binds us and unbinds us in one breath has not bound us', async () => {
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('data', bytes => {
      const { command, sequence } = readPdu(bytes)
      const bound = encodeResponse((command | RESPONSE) >>> 0, STATUS.ok, sequence, true)
      socket.write(Buffer.concat([bound, encodePdu('unbind', { sequence_number: 1 })]))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ended: string[] = []
  const opened = Link.open({
    settings: { url: `smpp://127.0.0.1:${port}`, systemId: 'heddle' },
    password: 'secret',
    role: 'transceiver',
    nowMs: () => performance.now(),
    onDelivery() {},
    onRoom() {},
    onEnd: (_, reason) => ended.push(reason),
    onDoubt() {},
  })
  await expect(opened).rejects.toThrow(BindFailed)
  expect(ended).toEqual([])
})
