import { mkdtemp, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedServer, startEmbedded } from '../../server/store/embedded/embedded.ts'

/** A PostgreSQL server that Heddles are pointed at by `DATABASE_URL`, to be stopped and started under them. */
export interface OwnServer {
  readonly databaseUrl: string
  start(): Promise<void>
  stop(): Promise<void>
  remove(): Promise<void>
}

export async function startOwnServer(): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-server-'))
  const link = join(folder, 'socket')
  let server: EmbeddedServer | undefined

  /** The socket's folder is another one after each start; the link to it stays. */
  async function start(): Promise<void> {
    server = await startEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
    await symlink(server.connection.host, `${link}.new`)
    await rename(`${link}.new`, link)
  }

  await start()
  const { user, database, port } = server?.connection ?? { user: '', database: '', port: 0 }
  return {
    databaseUrl: `postgresql://${user}@/${database}?host=${encodeURIComponent(link)}&port=${port}`,
    start,
    stop: async () => server?.stop(),
    async remove() {
      await server?.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
