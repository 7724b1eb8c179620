import { expect, test } from 'vitest'
import { isUuid } from './ids.ts'
import { receiptId } from './receipt-id.ts'

const TEXT = '01890000-0000-7000-8000-000000000001'
const ONE = '01890000-0000-7000-8000-000000000002'
const TWO = '01890000-0000-7000-8000-000000000003'

test('the receipt of a text to one person is the text itself', () => {
  expect(receiptId(TEXT, ONE, false)).toBe(TEXT)
})

test('each recipient of a group text has a receipt of their own, always the same', () => {
  const [one, two] = [receiptId(TEXT, ONE, true), receiptId(TEXT, TWO, true)]
  expect(isUuid(one) && isUuid(two)).toBe(true)
  expect(new Set([one, two, TEXT]).size).toBe(3)
  expect(receiptId(TEXT, ONE, true)).toBe(one)
})
