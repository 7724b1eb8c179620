import type { Offence, Source } from './source.ts'

/** Which room may import which. A room may always import itself; every room but kit may import domain, and all may import kit. */
const DOORS: Record<string, string[]> = {
  http: ['core', 'store/read'],
  sockets: ['core', 'store/read'],
  delivery: ['core', 'store/read', 'carriers/carrier.ts'],
  webhooks: ['core', 'store/read'],
  jobs: ['core'],
  core: ['store', 'store/read'],
  store: ['store/read'],
  'store/read': ['store'],
  carriers: ['carriers/carrier.ts'],
  'carriers/carrier.ts': ['carriers'],
  domain: [],
  kit: [],
}
/** The only places where rooms meet. */
const MEETING_PLACES = [
  'server/main.ts',
  'server/account-carriers.ts',
  'server/register-dialects.ts',
  'server/simulated-network.ts',
  'server/cli.ts',
  'server/import-numbers.ts',
  'server/operator.ts',
  'server/secret-key.ts',
  'server/seed-house.ts',
  'server/welcome.ts',
  'server/test-carrier.ts',
]
/** Rooms whose folders are strangers to each other: what they share lies directly in the room. */
const SEPARATE_FOLDERS = ['http', 'carriers']

/** Imports that walk through a wall. Tests may stand anywhere. */
export function forbiddenDoors(sources: Source[]): Offence[] {
  return sources
    .filter(source => !source.isTest && !MEETING_PLACES.includes(source.path))
    .flatMap(source =>
      source.imports.flatMap(({ path: target, line }) =>
        target === null || isAllowed(source.path, target)
          ? []
          : [{ path: source.path, line, message: `forbidden door to ${target}` }],
      ),
    )
}

function isAllowed(from: string, to: string): boolean {
  // The scripts run outside of the house and import what was built.
  if (from.startsWith('scripts/')) return to.startsWith('scripts/') || to.startsWith('dist/')
  // What we claim about speed is measured in any room; the pages talk to the server over the wire alone.
  if (from.startsWith('bench/')) return to.startsWith('bench/') || to.startsWith('server/')
  if (from.startsWith('web/')) return to.startsWith('web/')
  if (!to.startsWith('server/')) return false

  const [fromRoom, toRoom] = [roomOf(from), roomOf(to)]
  if (fromRoom === toRoom) return !areSeparate(fromRoom, from, to)
  if (toRoom === 'kit') return true
  if (toRoom === 'domain') return fromRoom !== 'kit'
  return DOORS[fromRoom]?.includes(toRoom) ?? false
}

/** `store/read` and the port of the carriers are rooms of their own; a file directly in server/ is a room by itself. */
function roomOf(path: string): string {
  const inside = path.slice('server/'.length)
  if (inside === 'carriers/carrier.ts') return inside
  if (inside.startsWith('store/read/')) return 'store/read'
  return inside.split('/')[0]!
}

function areSeparate(room: string, from: string, to: string): boolean {
  if (!SEPARATE_FOLDERS.includes(room)) return false
  const [fromFolder, toFolder] = [folderInRoom(from), folderInRoom(to)]
  return fromFolder !== null && toFolder !== null && fromFolder !== toFolder
}

function folderInRoom(path: string): string | null {
  const [, , folder, file] = path.split('/')
  return file === undefined ? null : folder!
}
