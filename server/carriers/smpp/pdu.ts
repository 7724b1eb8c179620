/**
 * Protocol data units, in and out. The npm package spells what we send; what comes in is read here, because the
 * package turns bytes into text before anyone can look at them, and may read past the end of a cut unit.
 * Source: SMPP 3.4, chapters 3 to 5.
 */
import smpp from 'smpp'

export interface Pdu {
  command: number
  status: number
  sequence: number
  body: Buffer
}

/** A unit that breaks the rules: what follows it on its link can't be trusted. */
export class BadPdu extends Error {}

export const HEADER_BYTES = 16
/** The longest unit that there is a use for: a message_payload of 64 KB and the fields around it. */
export const MAX_PDU_BYTES = 70_000

export function encodePdu(command: string, fields: Record<string, unknown>): Buffer {
  return new smpp.PDU(command, fields).toBuffer()
}

/** A response that says no more than its status; for texts, with the empty message id that the standard asks for. */
export function encodeResponse(command: number, status: number, sequence: number, hasMessageId: boolean): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + (hasMessageId ? 1 : 0))
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.writeUInt32BE(command, 4)
  bytes.writeUInt32BE(status, 8)
  bytes.writeUInt32BE(sequence, 12)
  return bytes
}

/** The unit of these bytes, which are a whole one. */
export function readPdu(bytes: Buffer): Pdu {
  return {
    command: bytes.readUInt32BE(4),
    status: bytes.readUInt32BE(8),
    sequence: bytes.readUInt32BE(12),
    body: bytes.subarray(HEADER_BYTES),
  }
}

/** A text or receipt from the SMSC: deliver_sm, or data_sm. */
export interface Delivered {
  sourceTon: number
  source: string
  destinationTon: number
  destination: string
  esmClass: number
  dataCoding: number
  bytes: Buffer
  tlvs: Map<number, Buffer>
}

/** Tags of optional parameters that we read. Source: SMPP 3.4, 5.3.2. */
export const TLV = {
  receiptedMessageId: 0x001e,
  messageState: 0x0427,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarPart: 0x020f,
} as const

export function readDeliverSm(body: Buffer): Delivered {
  const fields = new Fields(body)
  const addresses = readAddresses(fields)
  const esmClass = fields.octet()
  fields.skip(2)
  fields.text()
  fields.text()
  fields.skip(2)
  const dataCoding = fields.octet()
  fields.skip(1)
  const shortMessage = fields.octets(fields.octet())
  return delivered({ ...addresses, esmClass, dataCoding }, shortMessage, fields.tlvs())
}

export function readDataSm(body: Buffer): Delivered {
  const fields = new Fields(body)
  const addresses = readAddresses(fields)
  const esmClass = fields.octet()
  fields.skip(1)
  const dataCoding = fields.octet()
  return delivered({ ...addresses, esmClass, dataCoding }, Buffer.alloc(0), fields.tlvs())
}

/** The message id of a response; empty when it has none, as responses that refuse may. */
export function readMessageId(body: Buffer): string {
  return body.length === 0 ? '' : new Fields(body).text()
}

function readAddresses(fields: Fields) {
  fields.text()
  const sourceTon = fields.octet()
  fields.skip(1)
  const source = fields.text()
  const destinationTon = fields.octet()
  fields.skip(1)
  return { sourceTon, source, destinationTon, destination: fields.text() }
}

type Head = Omit<Delivered, 'bytes' | 'tlvs'>

function delivered(head: Head, shortMessage: Buffer, tlvs: Map<number, Buffer>): Delivered {
  const payload = tlvs.get(TLV.messagePayload)
  return { ...head, bytes: shortMessage.length > 0 ? shortMessage : (payload ?? shortMessage), tlvs }
}

/** Reads one field after another and never past the end. */
class Fields {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  octet(): number {
    const value = this.#bytes[this.#at++]
    if (value === undefined) throw new BadPdu('A unit ends before its fields do.')
    return value
  }

  skip(count: number): void {
    this.octets(count)
  }

  octets(count: number): Buffer {
    const end = this.#at + count
    if (end > this.#bytes.length) throw new BadPdu('A unit ends before its fields do.')
    const octets = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return octets
  }

  /** A text that ends with a zero. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw new BadPdu('A text in a unit has no end.')
    const value = this.#bytes.toString('latin1', this.#at, end)
    this.#at = end + 1
    return value
  }

  tlvs(): Map<number, Buffer> {
    const found = new Map<number, Buffer>()
    // Some SMSCs fill up with a zero or two.
    while (this.#bytes.length - this.#at >= 4) {
      const head = this.octets(4)
      found.set(head.readUInt16BE(0), this.octets(head.readUInt16BE(2)))
    }
    return found
  }
}
