import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OptOutKind } from './opt-out.ts'
import { classifyOptOut } from './opt-out.ts'
import { optOutReply } from './opt-out-replies.ts'
import { LANGUAGES, OPT_OUT_WORDS, plainWords } from './opt-out-words.ts'
import { countSegments, encodingOf } from './segments.ts'

const kindOf = (body: string) => classifyOptOut(body)?.kind ?? null

describe('a keyword', () => {
  test.each([
    ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE'].map(word => [word, 'stop']),
    ...['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe'].map(word => [word, 'stop']),
    ...['START', 'UNSTOP'].map(word => [word, 'start']),
    ...['HELP', 'INFO'].map(word => [word, 'help']),
  ])('%s means %s', (word, kind) => {
    expect(classifyOptOut(word)).toEqual({ kind, word: word.toLowerCase(), language: 'en', onlyIfBlocked: false })
  })

  test.each([
    'Stop',
    ' stop \n',
    'STOP.',
    'stop!!!',
    '"STOP"',
    '“Stop”',
    '(stop)',
    '🛑 STOP 🛑',
    'Stop 🙏🏽',
    'ＳＴＯＰ',
    '𝗦𝗧𝗢𝗣',
    '*stop*',
    '\u200eSTOP\ufe0f',
  ])('is heard in %j', body => {
    expect(kindOf(body)).toBe('stop')
  })

  test.each(['Opt-out', 'OPT OUT', 'opt  out!', 'Stop All', 'STOP-ALL'])('may be written %j', body => {
    expect(kindOf(body)).toBe('stop')
  })

  test.each([
    'stop by tomorrow',
    "don't stop",
    'STOP 12345',
    'bus stop',
    'stopp',
    'the end',
    'helpful',
    'no',
    '',
    '   ',
    '🛑',
    '?',
    's t o p',
    'arret',
  ])('is not heard in %j', body => {
    expect(classifyOptOut(body)).toBeNull()
  })

  test('of yes is a restart only for a blocked pair', () => {
    expect(classifyOptOut('Yes!')).toEqual({ kind: 'start', word: 'yes', language: 'en', onlyIfBlocked: true })
    expect(classifyOptOut('yes please')).toBeNull()
  })

  test('is heard through anything but letters and digits around it', () => {
    const noise = fc.string({
      unit: fc.constantFrom(' ', '\n', '.', '!', '"', '»', '🙏', '-', '\u00a0', '\u200d'),
      maxLength: 8,
    })
    const keywords = Object.entries({ stop: 'Unsubscribe', start: 'uNSTOP', help: 'INFO' })
    fc.assert(
      fc.property(noise, noise, fc.constantFrom(...keywords), (before, after, [kind, word]) => {
        expect(kindOf(before + word + after)).toBe(kind)
      }),
    )
  })
})

describe('keywords of other languages', () => {
  test.each([
    ['ARRET', 'fr', 'stop'],
    ['Arrêt', 'fr', 'stop'],
    ['ARRE\u0302T', 'fr', 'stop'],
    ['Aide', 'fr', 'help'],
    ['BAJA', 'es', 'stop'],
    ['¡No más!', 'es', 'stop'],
    ['Stopp', 'de', 'stop'],
    ['kündigen', 'de', 'stop'],
    ['Hilfe?', 'de', 'help'],
    ['Sair', 'pt', 'stop'],
    ['começar', 'pt', 'start'],
    ['BASTA', 'it', 'stop'],
    ['Afmelden', 'nl', 'stop'],
    ['Wznów', 'pl', 'start'],
  ] as const)('%s is heard where %s is spoken', (body, language, kind) => {
    expect(classifyOptOut(body, { languages: [language] })).toMatchObject({ kind, language })
    expect(classifyOptOut(body)).toBeNull()
  })

  test('come with the English ones, and the first language to know a word is the one to answer in', () => {
    expect(classifyOptOut('STOP', { languages: ['en', 'fr'] })?.language).toBe('en')
    expect(classifyOptOut('ARRET', { languages: ['en', 'fr'] })?.language).toBe('fr')
    expect(classifyOptOut('STOP', { languages: ['fr'] })?.language).toBe('fr')
    expect(classifyOptOut('UNSUBSCRIBE', { languages: ['fr'] })?.language).toBe('en')
  })

  test('of consent are a restart only for a blocked pair', () => {
    expect(classifyOptOut('Oui', { languages: ['fr'] })).toMatchObject({ kind: 'start', onlyIfBlocked: true })
    expect(classifyOptOut('sí', { languages: ['es'] })).toMatchObject({ kind: 'start', onlyIfBlocked: true })
  })

  test('are kept as they are compared, and a word means one thing in its language', () => {
    for (const language of LANGUAGES) {
      const { stop, start, startIfBlocked, help } = OPT_OUT_WORDS[language]
      const words = [...stop, ...start, ...startIfBlocked, ...help]
      expect(words.map(plainWords)).toEqual(words)
      expect(new Set(words).size).toBe(words.length)
    }
  })

  test('are plain alike in ASCII and beside other signs', () => {
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 })
    fc.assert(fc.property(ascii, text => plainWords(text) === plainWords(`${text}—`)))
  })
})

describe("an owner's own words", () => {
  test('come before the tables', () => {
    const options = { extraStopWords: ['Genug!'], extraStartWords: ['JOIN', 'cancel'], extraHelpWords: ['SOS'] }
    expect(classifyOptOut('genug', options)).toEqual({
      kind: 'stop',
      word: 'genug',
      language: null,
      onlyIfBlocked: false,
    })
    expect(classifyOptOut('join', options)?.kind).toBe('start')
    expect(classifyOptOut('Cancel', options)?.kind).toBe('start')
    expect(classifyOptOut('sos', options)?.kind).toBe('help')
    expect(classifyOptOut('STOP', options)?.kind).toBe('stop')
  })

  test('may leave out a word that means something else to them', () => {
    expect(classifyOptOut('CANCEL', { ignoredWords: ['Cancel'] })).toBeNull()
    expect(classifyOptOut('STOP', { ignoredWords: ['Cancel'] })?.kind).toBe('stop')
  })
})

describe('the reply to a keyword', () => {
  const kinds: OptOutKind[] = ['stop', 'start', 'help']

  test.each(LANGUAGES)('in %s is one GSM-7 segment and names the way back', language => {
    for (const kind of kinds) {
      const reply = optOutReply(kind, language)
      expect([reply, encodingOf(reply), countSegments(reply)]).toEqual([reply, 'gsm7', 1])
    }
    expect(optOutReply('stop', language)).toContain('START')
    expect(optOutReply('start', language)).toContain('STOP')
    expect(optOutReply('help', language)).toContain('STOP')
  })

  test('after a stop says unsubscribed', () => {
    expect(optOutReply('stop', 'en')).toMatch(/unsubscribed.*reply START/i)
  })
})
