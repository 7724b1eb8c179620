import { expect, test } from 'vitest'
import { standingClock } from '../../../test/support/simulated-network.ts'
import { openSeal } from '../../kit/seal.ts'
import { isMediaTicket, mediaTicket } from './media-ticket.ts'

const MEDIA = '01890000-0000-7000-8000-000000000001'

test('a ticket opens its own file for a day, and nothing else', () => {
  const clock = standingClock()
  const house = { seal: openSeal('one'), clock }
  const ticket = mediaTicket(house, MEDIA)
  expect(isMediaTicket(house, { mediaId: MEDIA, ticket })).toBe(true)
  expect(isMediaTicket(house, { mediaId: MEDIA.replace('1', '2'), ticket })).toBe(false)
  expect(isMediaTicket({ ...house, seal: openSeal('another') }, { mediaId: MEDIA, ticket })).toBe(false)
  for (const forged of ['', 'x', ticket.slice(1), `${ticket}A`.repeat(2)]) {
    expect(isMediaTicket(house, { mediaId: MEDIA, ticket: forged })).toBe(false)
  }
  clock.advance(24 * 60 * 60 * 1000)
  expect(isMediaTicket(house, { mediaId: MEDIA, ticket })).toBe(false)
})
