import { randomUUID } from 'node:crypto'
import { openAccountCarriers } from './account-carriers.ts'
import type { Carrier } from './carriers/carrier.ts'
import type { Config } from './config.ts'
import type { Core, Queued } from './core/core.ts'
import { openDoors } from './core/doors.ts'
import { openAccountFeed } from './core/feed/account-feed.ts'
import { endEarlierLeases } from './core/lanes.ts'
import { endSeed, type SeededAccount } from './core/seed/apply-seed.ts'
import { SettingsCache } from './core/settings-cache.ts'
import { Admissions } from './core/sign-in/admissions.ts'
import { HookAnswers } from './core/threads/hook-answers.ts'
import { openDelivery } from './delivery/delivery.ts'
import { openFetchMedia } from './delivery/fetch-media.ts'
import { movableClock } from './domain/clock.ts'
import { openCredentials } from './http/credentials.ts'
import { openMetrics } from './http/metrics.ts'
import { openHttpServer } from './http/server.ts'
import { openNumberImports } from './import-numbers.ts'
import { openLaneKeeper } from './jobs/lane-keeper.ts'
import { openTimerWorker } from './jobs/timer-worker.ts'
import { isAway } from './kit/database-away.ts'
import { createHttpClient } from './kit/http-client.ts'
import type { Log } from './kit/log.ts'
import { openFailureLog } from './kit/log-failures.ts'
import { within } from './kit/within.ts'
import { listen } from './listen.ts'
import { registerDialects } from './register-dialects.ts'
import { sealOf } from './secret-key.ts'
import { seedHouse } from './seed-house.ts'
import { openSimulatedNetwork, registerSimulator, SIMULATOR } from './simulated-network.ts'
import { openRingCentralSockets } from './sockets/ringcentral/sockets.ts'
import { serveUpgrades } from './sockets/upgrades.ts'
import { migrate } from './store/migrate.ts'
import { type Engine, openEngine, unsafeSettings } from './store/open-engine.ts'
import { openAccountSecrets } from './store/read/account-secrets.ts'
import { readBacklog } from './store/read/backlog.ts'
import { openNumberOwners } from './store/read/number-owners.ts'
import { readInTurn } from './store/read-turns.ts'
import { advanceWorldOffset, readWorldOffset } from './store/world-clock.ts'
import { openWebhooks } from './webhooks/webhooks.ts'

/** A running Heddle. */
export interface House {
  url: string
  core: Core
  /** The accounts that this start made, or completed: their secrets were not shown before. */
  seeded: SeededAccount[]
  /** Resolves when all that was queued is carried out as far as it is due. */
  settled(): Promise<void>
  stop(): Promise<void>
}

const READ_OFFSET_EVERY_MS = 1000
/** A database that takes longer for nothing is of no use. */
const HEALTH_WITHIN_MS = 2000
/**
 * How long a stop waits: for sockets to be let go, for requests that are being answered, for texts and calls under way, for the database to take
 * the lanes back. What was not done by then waits in the store. Leaves the embedded server a quarter of 10 s.
 */
const STOP_WITHIN_MS = { sockets: 500, requests: 1500, work: 4000, lanes: 500 }

/** Opens the database and the house on it. Throws with a sentence for the operator, and leaves the database to others then. */
export async function openHouse(config: Config, log: Log): Promise<House> {
  const engine = await openEngine({ ...config, log: line => log.debug({ postgres: line }, 'postgres') })
  try {
    return await joinRooms(engine, config, log)
  } catch (error) {
    await engine.stop()
    throw error
  }
}

/** Opens the rooms and joins them: the one place where they meet. */
async function joinRooms(engine: Engine, config: Config, log: Log): Promise<House> {
  const failed = openFailureLog(log, () => clock.machineMs())
  const onError = (error: unknown) => failed(error, 'something failed')
  const { db } = engine
  await migrate(db.pool)
  for (const warning of await unsafeSettings(db)) log.warn(warning)
  const seal = await sealOf(engine, config)

  const metrics = openMetrics()
  let offsetMs = await readWorldOffset(db)
  const clock = movableClock(() => offsetMs)
  let publicUrl = config.publicUrl ?? ''
  const core: Core = {
    db,
    clock,
    nodeId: randomUUID(),
    seal,
    settings: new SettingsCache(),
    hookAnswers: new HookAnswers(),
    get publicUrl() {
      return publicUrl
    },
    carry,
    observe(deed) {
      metrics.heed(deed)
      const { kind, ...details } = deed
      log.debug(details, kind)
    },
  }
  const doors = openDoors(core)
  const owners = openNumberOwners(db, clock)
  const client = createHttpClient()
  const fetchMedia = openFetchMedia(client, config.allowPrivateWebhooks)

  const simulator = openSimulatedNetwork({ core, doors, owners, onError })
  const carriers = new Map<string, Carrier>(config.isSimulated ? [[SIMULATOR, simulator]] : [])
  const accountCarriers = openAccountCarriers({ core, doors, owners, client, carriers, log, onError })
  const delivery = openDelivery({ core, doors, carriers, fetchMedia, serves: lane => keeper.holds(lane), onError })
  const webhooks = openWebhooks({
    core,
    doors,
    client,
    authToken: openAccountSecrets(db, seal, clock),
    allowPrivate: config.allowPrivateWebhooks,
    hookLimitMs: config.hookLimitMs,
    serves: lane => keeper.holds(lane),
    isGivenUp: () => isGivenUp,
    onError,
  })
  const feed = openAccountFeed(core, onError)
  const timers = openTimerWorker(core)
  const keeper = openLaneKeeper(core, [delivery, webhooks, timers], onError)

  /** What an act queued goes straight to those who carry it out, as far as this node serves its lanes. */
  function carry({ accountId, since, clock: written, sms, calls, missed, claimed }: Queued): void {
    keeper.heard({ accountId, since, clock: written })
    feed.heard(accountId, written)
    for (const lane of claimed) keeper.hold({ accountId, lane })
    for (const lane of missed) for (const drain of [delivery, webhooks]) drain.miss({ accountId, lane })
    for (const each of sms) {
      const lane = { accountId, lane: each.number ?? '' }
      if (keeper.holds(lane)) delivery.offer(lane, each)
      else delivery.miss(lane)
    }
    for (const call of calls) {
      const lane = { accountId, lane: call.lane }
      if (keeper.holds(lane)) webhooks.offer(lane, call)
      else webhooks.miss(lane)
    }
  }

  async function settled(): Promise<void> {
    await keeper.look()
    await delivery.idle()
    await webhooks.idle()
    await delivery.idle()
  }

  let isReady = false
  let isGivenUp = false
  const asked: Core = {
    ...core,
    db: readInTurn(db),
    get publicUrl() {
      return publicUrl
    },
  }
  const credentials = openCredentials(asked.db, seal, clock)
  const admissions = new Admissions()
  async function isServing(): Promise<boolean> {
    return (
      isReady &&
      (await within(HEALTH_WITHIN_MS, db.query('select 1')).catch(error => {
        if (isAway(error)) return false
        throw error
      }))
    )
  }

  const server = openHttpServer({
    trustProxy: config.trustProxy,
    isReady: isServing,
    carriers: accountCarriers.report,
    onError: (error, request) =>
      failed(error, 'request failed', { method: request.method, route: request.routeOptions.url }),
  })
  if (log.isLevelEnabled('debug')) {
    server.addHook('onResponse', async (request, reply) => {
      const { method, routeOptions } = request
      log.debug(
        { method, route: routeOptions.url, outcome: reply.statusCode, ms: Math.round(reply.elapsedTime) },
        'request',
      )
    })
  }
  metrics.serve(server, {
    token: config.metricsToken,
    isReady: isServing,
    backlog: () => readBacklog(db, clock.world()),
    carriers: accountCarriers.report,
    now: clock.world,
  })
  registerDialects(server, config, {
    core: asked,
    doors,
    credentials,
    admissions,
    client,
    carrierHealth: accountCarriers.health,
    numberImports: openNumberImports(core, carriers),
    onError,
  })
  if (config.isSimulated) {
    registerSimulator(server, {
      core,
      owners,
      credentials,
      onError,
      simulator,
      async advanceClock(ms) {
        // Answers may come in another order than they were given.
        const advancedMs = await advanceWorldOffset(db, ms)
        offsetMs = Math.max(offsetMs, advancedMs)
        await simulator.releaseDue()
        await keeper.look()
        await delivery.idle()
        await simulator.releaseDue()
      },
      fetchMedia,
    })
  }

  const ringcentralSockets = openRingCentralSockets({
    core: asked,
    feed,
    admissions,
    onError,
    async inject({ body, ...request }) {
      const answer = await server.inject({ ...request, ...(body === null ? {} : { payload: body }) })
      return { status: answer.statusCode, headers: answer.headers, body: answer.payload }
    },
  })
  serveUpgrades(server.server, { '/restapi/ws': ringcentralSockets.upgrade })

  const seeded = await seedHouse(core, config)
  await accountCarriers.open(server)
  const url = await listen(server, config)
  if (!publicUrl) publicUrl = url
  if (engine.isEmbedded) await endEarlierLeases(core)
  await keeper.start()
  feed.start()
  for (const carrier of carriers.values()) await carrier.start()
  const offsetTimer = setInterval(() => {
    readWorldOffset(db).then(ms => {
      offsetMs = Math.max(offsetMs, ms)
    }, onError)
  }, READ_OFFSET_EVERY_MS)
  await endSeed(core, seeded)
  isReady = true

  return {
    url,
    core,
    seeded,
    settled,
    async stop() {
      isReady = false
      clearInterval(offsetTimer)
      await within(STOP_WITHIN_MS.sockets, Promise.all([ringcentralSockets.stop(), feed.stop()]))
      await within(STOP_WITHIN_MS.requests, server.close())
      const stopping = [...carriers.values(), delivery, webhooks, timers].map(each => each.stop())
      const isClean = await within(STOP_WITHIN_MS.work, Promise.all(stopping))
      isGivenUp = true
      await client.close()
      await within(STOP_WITHIN_MS.lanes, keeper.stop(isClean))
      await engine.stop()
    },
  }
}
