/**
 * The words by which people stop, restart and ask for help, per language, as `plainWords` spells them: lower case, no
 * accents, one space.
 */

export const LANGUAGES = ['en', 'es', 'fr', 'de', 'pt', 'it', 'nl', 'pl'] as const

export type Language = (typeof LANGUAGES)[number]

export interface OptOutWords {
  stop: readonly string[]
  start: readonly string[]
  /** Too common in talk to mean a restart, unless the person is blocked: then they answer our own notice. */
  startIfBlocked: readonly string[]
  help: readonly string[]
}

export const OPT_OUT_WORDS: Readonly<Record<Language, OptOutWords>> = {
  /**
   * Twilio's default keywords; and "opt out", which 47 CFR 64.1200(a)(10) lists beside stop, quit, end, revoke, cancel
   * and unsubscribe; and "stop all", the same wish as STOPALL.
   */
  en: {
    stop: ['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'optout', 'opt out', 'revoke'],
    start: ['start', 'unstop'],
    startIfBlocked: ['yes'],
    help: ['help', 'info'],
  },
  /**
   * ARRET, AIDE and INFO are mandatory in Canada (CWTA, Canadian Common Short Code Application Guidelines); ARRETE and
   * ARRETT are how they arrive (Twilio Proxy stops on them too); France writes STOP.
   */
  fr: {
    stop: [
      'arret',
      'arrete',
      'arreter',
      'arretez',
      'arrett',
      'stop',
      'desabonner',
      'desabonnement',
      'desinscription',
      'annuler',
      'fin',
    ],
    start: ['demarrer', 'commencer', 'reprendre'],
    startIfBlocked: ['oui'],
    help: ['aide', 'info'],
  },
  /**
   * No regulator lists words for the languages below. These are the plain words for stop, end, cancel and unsubscribe,
   * as a command and as an infinitive, less those that are everyday answers ("para", "fine").
   */
  es: {
    stop: [
      'alto',
      'parar',
      'pare',
      'baja',
      'cancelar',
      'detener',
      'terminar',
      'fin',
      'salir',
      'no mas',
      'desuscribir',
      'stop',
    ],
    start: ['alta', 'comenzar', 'empezar', 'iniciar'],
    startIfBlocked: ['si'],
    help: ['ayuda', 'info'],
  },
  de: {
    stop: ['stopp', 'stop', 'stoppen', 'abmelden', 'abbestellen', 'austragen', 'beenden', 'ende', 'kundigen'],
    start: ['anmelden', 'starten'],
    startIfBlocked: ['ja'],
    help: ['hilfe', 'info'],
  },
  pt: {
    stop: ['parar', 'pare', 'sair', 'cancelar', 'fim', 'remover', 'descadastrar', 'stop'],
    start: ['iniciar', 'comecar', 'inscrever'],
    startIfBlocked: ['sim'],
    help: ['ajuda', 'info'],
  },
  it: {
    stop: ['basta', 'ferma', 'annulla', 'cancella', 'cancellami', 'disiscrivimi', 'esci', 'stop'],
    start: ['inizia', 'avvia'],
    startIfBlocked: ['si'],
    help: ['aiuto', 'info'],
  },
  nl: {
    stop: ['stop', 'stoppen', 'afmelden', 'uitschrijven', 'opzeggen', 'annuleren', 'einde'],
    start: ['starten', 'aanmelden'],
    startIfBlocked: ['ja'],
    help: ['hulp', 'info'],
  },
  pl: {
    stop: ['stop', 'koniec', 'wypisz', 'zakoncz', 'rezygnuje', 'anuluj'],
    start: ['wznow', 'zapisz'],
    startIfBlocked: ['tak'],
    help: ['pomoc', 'info'],
  },
}

/**
 * The bare words of a text: full-width and fancy letters made plain (NFKC), lower case, accents and apostrophes dropped,
 * and every run of spaces, punctuation and emoji made one space.
 */
export function plainWords(text: string): string {
  if (ASCII.test(text))
    return text
      .toLowerCase()
      .replace(/['`]+/g, '')
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}'’ʼ`]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** For which the same takes a fraction of the time. */
const ASCII = /^[\0-\x7f]*$/
