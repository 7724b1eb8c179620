import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A link to a PostgreSQL server on which answers may be lost after the server has done what was asked. */
export interface LossyLink {
  readonly databaseUrl: string
  /** How many answers were lost, each with its connection. */
  readonly lost: number
  stop(): Promise<void>
}

/** Opens a unix socket in a folder of its own and passes everything on, but for the answers that `isLost` picks. */
export async function openLossyLink(databaseUrl: string, isLost: () => boolean): Promise<LossyLink> {
  const target = new URL(databaseUrl.replace('@/', '@localhost/'))
  const name = `.s.PGSQL.${target.searchParams.get('port')}`
  const end = join(target.searchParams.get('host') ?? '', name)
  const folder = await mkdtemp(join(tmpdir(), 'heddle-link-'))
  const sockets = new Set<net.Socket>()
  let lost = 0

  function keep(socket: net.Socket): net.Socket {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    return socket
  }

  const server = net.createServer(client => {
    const database = keep(net.connect(end))
    keep(client).on('close', () => database.destroy())
    database.on('close', () => client.destroy())
    client.on('data', asked => database.write(asked))
    database.on('data', answer => {
      if (!isLost()) return client.write(answer)
      lost += 1
      return client.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(join(folder, name), resolve))
  target.searchParams.set('host', folder)
  return {
    databaseUrl: target.href.replace('@localhost/', '@/'),
    get lost() {
      return lost
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
