/** How the parts of a long text name each other. Source: 3GPP TS 23.040, 9.2.3.24; SMPP 3.4, 5.3.2.22 to 5.3.2.24. */
import { BadPdu, type Delivered, TLV } from './pdu.ts'

/** The place of a part: `reference` tells long texts of one pair apart, parts count from 1. */
export interface Place {
  reference: string
  total: number
  part: number
}

/** Set in esm_class when the octets begin with a user data header. */
export const HAS_HEADER = 0x40

const ELEMENT_8_BIT = 0x00
const ELEMENT_16_BIT = 0x08

export function header8(reference: number, total: number, part: number): Buffer {
  return Buffer.from([5, ELEMENT_8_BIT, 3, reference & 0xff, total, part])
}

export function header16(reference: number, total: number, part: number): Buffer {
  return Buffer.from([6, ELEMENT_16_BIT, 4, (reference >> 8) & 0xff, reference & 0xff, total, part])
}

/** The octets of the text without its header, and its place when it is a part of a longer one. */
export function readPlace({ esmClass, bytes, tlvs }: Delivered): { text: Buffer; place: Place | null } {
  if (!(esmClass & HAS_HEADER)) return { text: bytes, place: placeOfTlvs(tlvs) }
  const headerBytes = bytes[0] ?? 0
  if (headerBytes + 1 > bytes.length) throw new BadPdu('A header is longer than its text.')
  const text = bytes.subarray(headerBytes + 1)
  return { text, place: placeOfHeader(bytes.subarray(1, headerBytes + 1)) ?? placeOfTlvs(tlvs) }
}

function placeOfHeader(header: Buffer): Place | null {
  for (let at = 0; at + 2 <= header.length; ) {
    const element = header[at]
    const value = header.subarray(at + 2, at + 2 + (header[at + 1] ?? 0))
    if (element === ELEMENT_8_BIT && value.length === 3) return place(`8:${value[0]}`, value[1]!, value[2]!)
    if (element === ELEMENT_16_BIT && value.length === 4) {
      return place(`16:${value.readUInt16BE(0)}`, value[2]!, value[3]!)
    }
    at += 2 + value.length
  }
  return null
}

function placeOfTlvs(tlvs: Map<number, Buffer>): Place | null {
  const reference = tlvs.get(TLV.sarReference)
  const total = tlvs.get(TLV.sarTotal)?.[0]
  const part = tlvs.get(TLV.sarPart)?.[0]
  if (reference?.length !== 2 || total === undefined || part === undefined) return null
  return place(`sar:${reference.readUInt16BE(0)}`, total, part)
}

/** Null for a text of one part, and for a place outside of its text: such a header is to be ignored. */
function place(reference: string, total: number, part: number): Place | null {
  return total > 1 && part >= 1 && part <= total ? { reference, total, part } : null
}
