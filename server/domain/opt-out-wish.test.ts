import { expect, test } from 'vitest'
import { looksLikeOptOutWish } from './opt-out-wish.ts'

test.each([
  'please stop texting me',
  'Please stop.',
  'STOP STOP STOP',
  'Stop. Thank you',
  'STOP\n\nSent from my iPhone',
  'can you stop sending me these messages',
  'Stop messaging me!!',
  'Quit texting this number',
  'stop these texts now',
  'remove me from your list',
  'Remove me please',
  'take me off the list',
  'Take my number off your list',
  'no more messages',
  'No more texts please',
  "Don't text me",
  'Do not contact me again',
  "I don't want to receive these anymore",
  'I no longer wish to receive texts',
  "I don't want any more messages",
  "I don't want anymore messages",
  'unsubscribe me',
  'How do I unsubscribe?',
  'I want to opt out',
  'opt me out pls',
  'I revoke my consent',
  'Leave me alone',
  'lose my number',
  'cancel these texts',
  'No me manden más mensajes',
  'Arrêtez de m’envoyer des messages',
  'Bitte keine weiteren Nachrichten',
  'Pare de me enviar mensagens',
  'Smettetela di scrivermi',
  'Stuur geen berichten meer',
  'Nie piszcie do mnie więcej',
])('%j is flagged for review', body => {
  expect(looksLikeOptOutWish(body)).toBe(true)
})

test.each([
  'stop by tomorrow',
  "don't stop",
  "Don't stop texting me!",
  "I can't stop texting you",
  'never stop sending these, I love them',
  'Why did you stop sending me updates?',
  'the bus stop is closed',
  'I will stop at the store',
  'Can you stop by at 5?',
  'non-stop flight',
  'please stop the car service on Friday',
  "don't text me before 9",
  "Why don't you text me anymore?",
  'Do not call me back',
  'I have no more messages to send',
  'there are no more updates',
  'remove me from the 3pm meeting? no, keep me',
  'please do not unsubscribe me',
  "I don't want to opt out",
  'take me to the airport',
  'cancel my appointment',
  'Never mind',
  'ok',
  '',
])('%j is not', body => {
  expect(looksLikeOptOutWish(body)).toBe(false)
})

test.each(['STOP', 'unsubscribe', 'HELP', 'start', 'yes'])('%j is a keyword, no wish to review', body => {
  expect(looksLikeOptOutWish(body)).toBe(false)
})

test('a letter is not searched for such words', () => {
  expect(looksLikeOptOutWish(`${'I was born in a small town. '.repeat(20)} stop texting me`)).toBe(false)
})

test('a stop word of another language is a wish, until that language is on', () => {
  expect(looksLikeOptOutWish('Arrêt')).toBe(true)
  expect(looksLikeOptOutWish('Arrêt', { languages: ['fr'] })).toBe(false)
})

test('a word that the owner ignores is no wish either', () => {
  expect(looksLikeOptOutWish('Cancel', { ignoredWords: ['cancel'] })).toBe(false)
})

test('no words keep the house busy, however often they are said', () => {
  const phrases = [
    'any more ',
    'anymore ',
    'please you need to ',
    'thank you ',
    'all the ',
    'do not never ',
    'no more ',
  ]
  for (const begun of ['', 'dont want ', 'stop ', 'cancel ', 'remove me from '])
    for (const phrase of phrases) {
      const text = begun + phrase.repeat(Math.floor((470 - begun.length) / phrase.length))
      const startedAt = performance.now()
      looksLikeOptOutWish(text)
      expect(performance.now() - startedAt, text).toBeLessThan(1000)
    }
})
