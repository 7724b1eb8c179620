/** `npm run bench`: measures everything we claim about speed; `npm run bench -- inbound` one of it. */
import { conversations } from './conversations.ts'
import { drain } from './drain.ts'
import { fanout } from './fanout.ts'
import { inbound } from './inbound.ts'
import { inbox } from './inbox.ts'
import { inboxSockets } from './inbox-sockets.ts'
import { lists } from './lists.ts'
import { memory } from './memory.ts'
import { pool } from './pool.ts'
import { proxy } from './proxy.ts'
import { holds, keep, type Measure, print } from './report.ts'
import { roundtrip } from './roundtrip.ts'
import { send } from './send.ts'
import { smpp } from './smpp.ts'

const BENCHES: Record<string, () => Promise<Measure[]>> = {
  inbound,
  roundtrip,
  send,
  lists,
  memory,
  pool,
  proxy,
  smpp,
  fanout,
  conversations,
  inbox,
  'inbox-sockets': inboxSockets,
  drain,
}

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(1)
}

for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  const measures = (await BENCHES[name]?.()) ?? []
  print(name, measures)
  await keep(name, measures)
  if (!measures.every(holds)) process.exitCode = 1
}
