import http from 'node:http'
import https from 'node:https'

/**
 * Leads requests to `*.twilio.com` to a house on this machine, by the Host header that they carry: what a preloaded shim,
 * a hosts file or a proxy does for a program that is not changed at all. Answers what undoes it.
 */
export function reachByHost(houseUrl: string): () => void {
  const { port } = new URL(houseUrl)
  const before = https.request
  const led = (options: https.RequestOptions, heard?: (answer: http.IncomingMessage) => void) => {
    const host = String(options.hostname ?? options.host)
    if (!host.endsWith('.twilio.com')) return before(options, heard)
    const { agent: _, protocol: __, ...rest } = options
    const headers = { ...rest.headers, host }
    return http.request({ ...rest, protocol: 'http:', host: '127.0.0.1', hostname: '127.0.0.1', port, headers }, heard)
  }
  Object.assign(https, { request: led })
  return () => Object.assign(https, { request: before })
}
