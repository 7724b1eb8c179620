import ipaddr from 'ipaddr.js'

/**
 * What an IP address may be to a request made on somebody else's behalf. `private` is everything that is not
 * ordinary public unicast (loopback, RFC 1918, link-local, CGNAT, ULA, multicast, 0.0.0.0/8, documentation...).
 * `metadata` answers with the machine's own credentials, so it is never called, whatever is allowed.
 */
export type AddressClass = 'public' | 'private' | 'metadata'

/** Addresses at which clouds hand out credentials: AWS, Azure and most others; AWS containers; Alibaba; Azure wire server; Oracle; GCP and OpenStack over IPv6. */
const METADATA_ADDRESSES = new Set(
  [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fe80::a9fe:a9fe',
  ].map(address => ipaddr.parse(address).toString()),
)

/** No longer name has an address. Source: RFC 1035, 2.3.4. */
const MAX_NAME = 255
const METADATA_NAMES = new Set(['metadata.google.internal', 'metadata.goog', 'metadata', 'instance-data'])

/** Classes an IP address as text; an IPv6 address that carries an IPv4 one is judged by that one. Text that is no address is `private`. */
export function classifyIp(address: string): AddressClass {
  const withoutZone = address.split('%', 1)[0] ?? ''
  if (!ipaddr.isValid(withoutZone)) return 'private'
  const parsed = ipaddr.parse(withoutZone)
  if (METADATA_ADDRESSES.has(parsed.toString())) return 'metadata'
  if (parsed instanceof ipaddr.IPv4) return classOfRange(parsed.range())
  const carried = carriedIpv4(parsed)
  if (carried === null) return isSiteLocal(parsed) ? 'private' : classOfRange(parsed.range())
  const inner = classifyIp(carried.address)
  return inner === 'public' && !carried.isRoutable ? 'private' : inner
}

/** Whether a host name is known to stand for a cloud's metadata service, whatever address it has today. */
export function isMetadataName(hostname: string): boolean {
  return hostname.length <= MAX_NAME && METADATA_NAMES.has(hostname.toLowerCase().replace(/\.+$/, ''))
}

function classOfRange(range: string): AddressClass {
  return range === 'unicast' ? 'public' : 'private'
}

/** The IPv4 address inside an IPv6 one. Only mapped, NAT64 and 6to4 forms lead to it in today's networks; the others are old ways round a filter. */
function carriedIpv4(address: ipaddr.IPv6): { address: string; isRoutable: boolean } | null {
  const parts = address.parts
  const at = (index: number) => dotted(parts[index] ?? 0, parts[index + 1] ?? 0)
  const startsWith = (...prefix: number[]) => prefix.every((part, index) => parts[index] === part)
  if (startsWith(0, 0, 0, 0, 0, 0xffff)) return { address: at(6), isRoutable: true }
  if (startsWith(0x64, 0xff9b, 0, 0, 0, 0)) return { address: at(6), isRoutable: true }
  if (startsWith(0x2002)) return { address: at(1), isRoutable: true }
  if (startsWith(0x64, 0xff9b, 1)) return { address: at(6), isRoutable: false }
  if (startsWith(0, 0, 0, 0, 0xffff, 0)) return { address: at(6), isRoutable: false }
  if (startsWith(0, 0, 0, 0, 0, 0) && (parts[6] ?? 0) > 0) return { address: at(6), isRoutable: false }
  if (startsWith(0x2001, 0)) {
    return { address: dotted(~(parts[6] ?? 0) & 0xffff, ~(parts[7] ?? 0) & 0xffff), isRoutable: false }
  }
  return null
}

function isSiteLocal(address: ipaddr.IPv6): boolean {
  return ((address.parts[0] ?? 0) & 0xffc0) === 0xfec0
}

function dotted(high: number, low: number): string {
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}
