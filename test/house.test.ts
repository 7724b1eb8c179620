import { expect, test } from 'vitest'
import { checkHouse } from './house/check-house.ts'
import { readHouse } from './house/read-house.ts'

test('the house keeps its own rules', () => {
  const files = readHouse()
  expect(files.length).toBeGreaterThan(50)
  expect(checkHouse(files)).toEqual([])
})
