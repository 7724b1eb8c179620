import { Command } from 'commander'
import { runPhone } from './carriers/simulator/terminal-phone.ts'
import { type Config, readConfig } from './config.ts'
import { createAccount } from './core/accounts/create-account.ts'
import { movableClock } from './domain/clock.ts'
import { sid } from './domain/ids.ts'
import { DEMO_SEED } from './domain/seed.ts'
import { openDump, writeDump } from './dump-file.ts'
import { openLog } from './kit/log.ts'
import { importNumbers, type NumberOptions, restoreNumbers, showNumbers } from './number-commands.ts'
import { setAccountStatus } from './operator.ts'
import { poolReport } from './pool-report.ts'
import { hasKey, sealOf, secretKeyFile } from './secret-key.ts'
import { listAccounts } from './store/accounts.ts'
import { listAllCarriers } from './store/carriers.ts'
import { dumpDatabase } from './store/dump/dump.ts'
import { restoreDatabase } from './store/dump/restore.ts'
import { migrate, migrationStatus, mustBeMigrated } from './store/migrate.ts'
import { type Engine, joinEngine } from './store/open-engine.ts'
import { readPoolReports } from './store/read/pool-capacity.ts'
import { readWorldOffset } from './store/world-clock.ts'
import { fetchToken, type TokenOptions } from './token-command.ts'
import { welcome } from './welcome.ts'

/** Promised are 10 s; what is left of the embedded server then is told to end as this process does. */
const STOP_WITHIN_MS = 9_000

const program = new Command('heddle').description(
  'An SMS conversation server: SMS is stateless, Heddle gives it threads.',
)

program.command('start').description('Run the server until it is told to stop.').action(start)

program
  .command('phone')
  .description('Be a simulated phone: type texts, see replies.')
  .argument('<number>', 'the phone, such as +15557770001')
  .option('--to <number>', 'which number to text; the first of the account when absent')
  .option('--server <url>', 'a running Heddle', 'http://127.0.0.1:8080')
  .option('--account <sid>', 'the account that owns the number', DEMO_SEED.accounts[0]?.sid)
  .option('--token <token>', "the account's token", DEMO_SEED.accounts[0]?.authToken)
  .action(async (phone: string, options: { to?: string; server: string; account: string; token: string }) => {
    const isWell = await runPhone({
      server: options.server,
      phone,
      ...(options.to ? { to: options.to } : {}),
      accountSid: options.account,
      authToken: options.token,
      input: process.stdin,
      output: process.stdout,
    })
    process.exitCode = isWell ? 0 : 1
  })

program
  .command('token')
  .description('Make an access token for a chat client, where no server of yours does.')
  .argument('<identity>', 'whom it lets in')
  .option('--ttl <seconds>', 'how long it counts', '3600')
  .option('--service <sid>', 'IS...; the default conversation service when absent')
  .option('--server <url>', 'a running Heddle', 'http://127.0.0.1:8080')
  .option('--account <sid>', 'the account', DEMO_SEED.accounts[0]?.sid)
  .option('--token <token>', "the account's token", DEMO_SEED.accounts[0]?.authToken)
  .action(async (identity: string, options: TokenOptions) => console.log(await fetchToken(identity, options)))

const account = program.command('account').description('The accounts of this server.')
account
  .command('create')
  .argument('<name>')
  .description('Make an account and show its credentials, once.')
  .action((name: string) =>
    withEngine(async (engine, config) => {
      await migrate(engine.db.pool)
      const seal = await sealOf(engine, config)
      const made = await createAccount(engine.db, seal, { name, parentId: null, now: movableClock(() => 0).world() })
      console.log(`Account ${made.sid}\nToken   ${made.authToken}`)
    }),
  )
account
  .command('suspend')
  .argument('<sid>')
  .description('Let an account and its subaccounts neither sign in nor send; texts to them are kept.')
  .action((asked: string) => setStatus(asked, 'suspended'))
account
  .command('reopen')
  .argument('<sid>')
  .description('Make a suspended account active again, with the subaccounts that were suspended with it.')
  .action((asked: string) => setStatus(asked, 'active'))
account
  .command('list')
  .description('Show all accounts.')
  .action(() =>
    withTables(async ({ db }) => {
      for (const each of await listAccounts(db)) {
        console.log(`${sid('AC', each.accountId)}  ${each.status.padEnd(9)}  ${each.name}`)
      }
    }),
  )

const pool = program.command('pool').description('Numbers that threads share.')
pool
  .command('report')
  .argument('[name]', 'one pool; all when absent')
  .option('--account <sid>', "one account's pools; all accounts' when absent")
  .option('--days <count>', 'how many days to look back', '30')
  .description('Show how many numbers each pool has, and how many it needs.')
  .action((name: string | undefined, options: { account?: string; days: string }) =>
    withTables(async ({ db }) => {
      const offsetMs = await readWorldOffset(db)
      const now = movableClock(() => offsetMs).world()
      const reports = await readPoolReports(db, {
        name,
        account: options.account,
        days: Math.max(1, Number.parseInt(options.days, 10) || 30),
        now,
      })
      console.log(reports.length > 0 ? reports.map(poolReport).join('\n\n') : 'There is no such pool.')
    }),
  )

const carrier = program.command('carrier').description('The carriers of accounts.')
carrier
  .command('list')
  .description('Show all carriers.')
  .action(() =>
    withTables(async ({ db }) => {
      const carriers = await listAllCarriers(db)
      if (carriers.length === 0) console.log('No account has a carrier of its own.')
      for (const each of carriers) {
        console.log(`${sid('AC', each.accountId)}  ${each.kind.padEnd(6)}  ${each.name}`)
      }
    }),
  )
carrier
  .command('test')
  .argument('<name>')
  .option('--account <sid>', 'whose carrier, when several have one of that name')
  .description('Reach a carrier with what it is told and say in one line whether that works.')
  .action((name: string, { account: asked }: { account?: string }) =>
    withTables(async (engine, config) => {
      const seal = await sealOf(engine, config)
      const { testCarrier } = await import('./test-carrier.ts')
      console.log(`${name}: ${await testCarrier(engine.db, seal, { name, account: asked })}`)
    }),
  )

toServer(carrier.command('numbers').argument('<carrier>'))
  .description('Show the numbers that the account has at a carrier.')
  .action(async (name: string, options: NumberOptions) => printNumbers(await showNumbers(name, options)))
toServer(carrier.command('import-numbers').argument('<carrier>').argument('[numbers...]'))
  .description('Let texts to numbers at a carrier come here; all unless named.')
  .action(async (name: string, numbers: string[], options: NumberOptions) =>
    printNumbers(await importNumbers(name, numbers, options)),
  )
toServer(carrier.command('restore-numbers').argument('<carrier>').argument('[numbers...]'))
  .description('Let texts to imported numbers go where they went before; all unless named.')
  .action(async (name: string, numbers: string[], options: NumberOptions) =>
    printNumbers(await restoreNumbers(name, numbers, options)),
  )

const db = program.command('db').description('The database.')
db.command('migrate')
  .description('Bring the database to the level of this program.')
  .action(() =>
    withEngine(async engine => {
      await migrate(engine.db.pool)
      await showStatus(engine)
    }),
  )
db.command('status')
  .description('Show the level of the database.')
  .action(() => withEngine(showStatus))
db.command('dump')
  .argument('<file>', 'a .gz file to write')
  .description('Write everything to a file, as it stands at one moment; the server may go on.')
  .action((file: string) =>
    withEngine(async (engine, config) => {
      const summary = await writeDump(file, stream => dumpDatabase(engine.db.pool, stream))
      console.log(`Wrote ${summary.rows} rows of ${summary.tables} tables to ${file}.`)
      const key = config.secretKey === null ? secretKeyFile(config.dataDir) : 'HEDDLE_SECRET_KEY'
      console.log(`Its tokens and secrets are readable with the key in ${key} alone: keep that too.`)
    }),
  )
db.command('restore')
  .argument('<file>', 'a file that dump wrote')
  .description('Read a dump into an empty database.')
  .action(async (file: string) => {
    const dump = await openDump(file)
    await withEngine(async (engine, config) => {
      const summary = await restoreDatabase(engine.db.pool, dump)
      await migrate(engine.db.pool)
      console.log(`Read ${summary.rows} rows of ${summary.tables} tables from ${file}.`)
      if (await hasKey(engine, config)) return
      console.error(
        `The dump was sealed with another key: before the first start, put the secret.key that goes with it in ${config.dataDir}, or set HEDDLE_SECRET_KEY.`,
      )
      process.exitCode = 1
    })
  })

await program.parseAsync().catch(error => {
  console.error(error instanceof Error ? error.message : String(error))
  // A server that could not start may have left something open that would keep the process up.
  process.exit(1)
})

async function start(): Promise<void> {
  const config = readConfig()
  const log = openLog({ level: config.logLevel, pretty: process.stdout.isTTY === true })
  // The rooms are loaded only here: other commands need few of them, and answer in half the time.
  const opening = import('./main.ts').then(({ openHouse }) => openHouse(config, log))
  let isStopping = false
  const stop = (signal: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => {
      log.error('did not stop in time')
      process.exit(1)
    }, STOP_WITHIN_MS).unref()
    opening
      .then(house => house.stop())
      .then(
        () => process.exit(0),
        error => {
          log.error({ err: error }, 'did not stop cleanly')
          process.exit(1)
        },
      )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const house = await opening
  if (isStopping) return
  const isDemo = config.isSimulated && !config.seedFile
  console.log(welcome({ url: house.url, seeded: house.seeded, isDemo, host: config.host }))
}

/** Lets a command say which running Heddle it is about, and as whom. */
function toServer(command: Command): Command {
  return command
    .option('--server <url>', 'a running Heddle', 'http://127.0.0.1:8080')
    .option('--account <sid>', 'the account', DEMO_SEED.accounts[0]?.sid)
    .option('--token <token>', "the account's token", DEMO_SEED.accounts[0]?.authToken)
}

function printNumbers(lines: string[]): void {
  console.log(lines.length > 0 ? lines.join('\n') : 'There are none.')
}

/** For commands on what the tables hold: `run` is not begun when they are of another version's shape. */
function withTables(run: (engine: Engine, config: Config) => Promise<void>): Promise<void> {
  return withEngine(async (engine, config) => {
    await mustBeMigrated(engine.db.pool)
    await run(engine, config)
  })
}

async function withEngine(run: (engine: Engine, config: Config) => Promise<void>): Promise<void> {
  const config = readConfig()
  const engine = await joinEngine({ ...config, log: () => {} })
  try {
    await run(engine, config)
  } finally {
    await engine.stop()
  }
}

async function setStatus(asked: string, status: 'active' | 'suspended'): Promise<void> {
  await withTables(async (engine, config) => {
    await setAccountStatus(engine, await sealOf(engine, config), { sid: asked, status })
    console.log(`${asked}  ${status}`)
  })
}

async function showStatus({ db }: Engine): Promise<void> {
  const { database, program: needed } = await migrationStatus(db.pool)
  console.log(`The database is at level ${database}; this program needs level ${needed}.`)
}
