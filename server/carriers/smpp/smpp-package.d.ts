/** What we use of the npm package: how PDUs are spelled, and in tests its server. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server } from 'node:net'

  export class PDU {
    constructor(command: string, fields?: Record<string, unknown>)
    command: string
    command_status: number
    sequence_number: number
    isResponse(): boolean
    response(fields?: Record<string, unknown>): PDU
    toBuffer(): Buffer
    [field: string]: unknown
  }
  export class Session extends EventEmitter {
    send(pdu: PDU, onResponse?: (response: PDU) => void): boolean
    close(): void
    destroy(): void
  }
  const smpp: {
    PDU: typeof PDU
    errors: Record<string, number>
    createServer(options: { key?: string; cert?: string }, onSession: (session: Session) => void): Server
    connect(options: { host: string; port: number }): Session
  }
  export default smpp
}
