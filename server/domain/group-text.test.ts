import { describe, expect, test } from 'vitest'
import { type GroupFacts, groupMembers, membersKey } from './group-text.ts'

const phone = (person: string): GroupFacts => ({ kind: 'group', person, number: null })
const ours = (number: string): GroupFacts => ({ kind: 'projected', person: null, number })

describe('what binds a group text', () => {
  test('the numbers of both sides, sorted, whatever the order of joining', () => {
    const members = '+15550001000 +15557770001 +15557770002'
    expect(groupMembers([phone('+15557770002'), ours('+15550001000'), phone('+15557770001')])).toBe(members)
    expect(groupMembers([ours('+15550001000'), phone('+15557770001'), phone('+15557770002')])).toBe(members)
    expect(membersKey(['+15557770001', '+15550001000', '+15557770002', '+15557770001'])).toBe(members)
  })

  test('a sender and one recipient, in either order and named twice', () => {
    const members = '+15550001000 +15557770001'
    expect(membersKey(['+15557770001', '+15550001000'])).toBe(members)
    expect(membersKey(['+15550001000', '+15557770001'])).toBe(members)
    expect(membersKey(['+15557770001', '+15550001000', '+15557770001'])).toBe(members)
    expect(membersKey(['+15550001000', '+15550001000'])).toBe('+15550001000')
  })

  test('nothing, without a phone or without a number of ours', () => {
    expect(groupMembers([])).toBeNull()
    expect(groupMembers([phone('+15557770001'), phone('+15557770002')])).toBeNull()
    expect(groupMembers([ours('+15550001000')])).toBeNull()
  })

  test('pairs and chat users are no members', () => {
    const pair: GroupFacts = { kind: 'sms', person: '+15557770009', number: '+15550001000' }
    const user: GroupFacts = { kind: 'chat', person: null, number: null }
    expect(groupMembers([pair, user])).toBeNull()
    expect(groupMembers([pair, user, phone('+15557770001'), ours('+15550001001')])).toBe('+15550001001 +15557770001')
  })
})
