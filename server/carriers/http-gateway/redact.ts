/** Shorter ones would blank half of every message and are no secrets. */
const SHORTEST = 4

/** Takes secrets out of what is shown or logged: gateways repeat what they were sent, and URLs may hold keys. */
export function openRedact(secrets: Record<string, string>): (text: string) => string {
  const spellings = Object.values(secrets)
    .filter(secret => secret.length >= SHORTEST)
    .flatMap(secret => [secret, encodeURIComponent(secret)])
    .sort((one, other) => other.length - one.length)
  return text => spellings.reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
}
