import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPlace } from './concatenation.ts'
import { openCutter } from './cut-pdus.ts'
import { BadPdu, encodePdu, MAX_PDU_BYTES, readDataSm, readDeliverSm, readMessageId, readPdu } from './pdu.ts'
import { isReceipt, readReceipt } from './receipts.ts'

const RUNS = Number(process.env.HEDDLE_TEST_FULL ? 100_000 : 3000)

/** Reads as much of a unit as can be read; all else must be told as a bad unit. */
function readAll(bytes: Buffer): void {
  const pdu = readPdu(bytes)
  for (const read of [readDeliverSm, readDataSm]) {
    try {
      const delivered = read(pdu.body)
      if (isReceipt(delivered)) readReceipt(delivered)
      else readPlace(delivered)
    } catch (error) {
      expect(error).toBeInstanceOf(BadPdu)
    }
  }
  try {
    readMessageId(pdu.body)
  } catch (error) {
    expect(error).toBeInstanceOf(BadPdu)
  }
}

const address = fc.stringMatching(/^[0-9]{1,15}$/)
const unit = fc
  .record({
    source_addr: address,
    destination_addr: address,
    esm_class: fc.nat(255),
    data_coding: fc.nat(255),
    short_message: fc.uint8Array({ maxLength: 254 }).map(octets => Buffer.from(octets)),
    sequence_number: fc.integer({ min: 1, max: 1000 }),
  })
  .map(fields => encodePdu('deliver_sm', fields))

/** A unit as an SMSC with a fault would send it: octets changed, and the length with them. */
const broken = fc
  .tuple(unit, fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 }), fc.nat(40))
  .map(([bytes, changes, cut]) => {
    const copy = Buffer.from(bytes.subarray(0, Math.max(16, bytes.length - cut)))
    for (const [at, octet] of changes) if (at >= 4 && at < copy.length) copy[at] = octet
    copy.writeUInt32BE(copy.length, 0)
    return copy
  })

test('units come out of the stream as they went in, however it is cut and joined', () => {
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 20 }), (units, cuts) => {
      const stream = Buffer.concat(units)
      const cut = openCutter()
      const out: Buffer[] = []
      let at = 0
      for (const length of [...cuts, stream.length]) {
        out.push(...cut(stream.subarray(at, at + length)))
        at += length
      }
      expect(out.map(each => each.toString('hex'))).toEqual(units.map(each => each.toString('hex')))
    }),
    { numRuns: RUNS / 10 },
  )
})

test('a unit that is wrong inside is told, and nothing else happens', () => {
  fc.assert(fc.property(broken, readAll), { numRuns: RUNS })
})

test('any octets are cut into units or end the stream, and hold no more than one unit in memory', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), chunks => {
      const cut = openCutter()
      try {
        for (const chunk of chunks) for (const bytes of cut(Buffer.from(chunk))) readAll(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(BadPdu)
      }
    }),
    { numRuns: RUNS },
  )
})

test.each([0, 15, MAX_PDU_BYTES + 1, 0xffffffff])('a length of %s ends the stream', length => {
  const head = Buffer.alloc(16)
  head.writeUInt32BE(length, 0)
  expect(() => openCutter()(head)).toThrow(BadPdu)
})
