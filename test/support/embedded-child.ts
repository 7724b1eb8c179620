import { startEmbedded } from '../../server/store/embedded/embedded.ts'

/** A Heddle reduced to its database, in a process of its own that tests may kill. Run by `embedded-process.ts`. */
const [dataDir = '', binaries] = process.argv.slice(2)
const log = (line: string) => process.send?.({ kind: 'log', line })

try {
  const server = await startEmbedded({ dataDir, log, ...(binaries ? { binaries } : {}) })
  process.on('SIGTERM', async () => {
    await server.stop()
    process.exit(0)
  })
  process.on('message', () => process.exit(3))
  process.send?.({ kind: 'started', connection: server.connection, databasePid: server.pid() })
} catch (error) {
  process.send?.({
    kind: 'refused',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  })
  process.exitCode = 1
  process.disconnect()
}
