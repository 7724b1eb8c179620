/**
 * Opt-outs said in free words. In the United States any words that a reasonable person would understand as a wish to
 * stop must be honoured (47 CFR 64.1200(a)(10)); no program is that person, so these are shown to one and never acted on.
 * Patterns read `plainWords`: lower case, no accents, "don't" as "dont".
 */
import type { OptOutOptions } from './opt-out.ts'
import { keywordOf, LONGEST_KEYWORD_TEXT } from './opt-out.ts'
import { LANGUAGES, plainWords } from './opt-out-words.ts'

const TEXTS = '(?:texts?|messages?|msgs?|sms|spam|notifications?|alerts?|updates?|reminders?)'
const TEXTING = '(?:texting|messaging|sending|contacting|spamming|bothering|harassing|calling|writing|blowing)'
const LIST = `(?:lists?|database|system|campaigns?|group|contacts|everything|${TEXTS})\\b`
const POLITE =
  '(?:ok|okay|hi|hey|hello|no|please|pls|plz|just|kindly|can|could|would|will|you|u|i said|i want you to|you need to)'
const NOW = '(?:stop|it|this|that|now|please|pls|plz|thanks|thank you|thx|immediately|already)'
const NOT_MEANT =
  '(?<!\\b(?:dont|do not|not|never|cant|cannot|wont|didnt|did you|did they|did it|why did|if you) (?:ever |please |you )?)'

const WISHES: readonly RegExp[] = [
  // "please stop", "stop it now", "stop, thank you": only as the whole text, since one also stops by, or at a bus stop
  new RegExp(`^(?:${POLITE} )*stop(?: ${NOW})*$`),
  new RegExp(
    `${NOT_MEANT}\\b(?:stop|quit|cease|end) (?:with )?(?:${TEXTING}|(?:all |the |these |this |those |your |my )*${TEXTS})\\b`,
  ),
  new RegExp(
    `(?<!\\b(?:have|has|had|are|is|be|were|was|got|get|see|send) )\\bno more (?:of )?(?:the |these |your )?(?:${TEXTS}|texting)\\b`,
  ),
  new RegExp(
    '(?<!\\b(?:why|you|u|i|we|they|he|she) )\\b(?:dont|do not|never) (?:ever )?(?:text|message|contact|sms|write|call) (?:to )?(?:me|us|this number)\\b' +
      '(?! (?:before|after|until|till|unless|at|while|when|if|on|in|the|about|tonight|today|tomorrow|now|yet|back)\\b)',
  ),
  new RegExp(
    `\\b(?:dont|do not|no longer) (?:want|wish|need) (?:to (?:receive|get|be (?:texted|contacted|messaged))|(?:any |anymore |more |your |these )+${TEXTS})\\b`,
  ),
  new RegExp(
    '\\b(?:remove|delete|take|drop|scrub) (?:me|my (?:phone |cell )?(?:number|name|info)|this number)' +
      `(?: please| pls)?(?:$| (?:from|off|out of)(?: \\w+){0,4} ${LIST})`,
  ),
  /(?<!\b(?:dont|do not|not|never|didnt|did not) (?:want to )?)\bunsub(?:scribe)?\b/,
  /(?<!\b(?:dont|do not|not|never) (?:want to )?)\bopt (?:me )?out\b/,
  new RegExp(
    `${NOT_MEANT}\\bcancel (?:all |the |these |my |your )*(?:text |sms )?(?:texts|messages|sms|notifications|alerts)\\b`,
  ),
  /\b(?:revoke|withdraw) (?:my )?(?:consent|permission)\b/,
  /\b(?:leave me alone|lose my number|delete my number|remove my number)\b/,
  // Spanish, French, German, Portuguese, Italian, Dutch, Polish
  /\bno (?:me )?(?:envien?|envies|manden?|mandes|escriban?|escribas) mas\b|\bdej(?:a|e|en) de (?:enviar|mandar|escribir)|\bno mas (?:mensajes|textos|sms)\b|\bdar(?:me)? de baja\b/,
  /\barretez? de (?:m|nous )?(?:envoyer|ecrire|contacter|texter)|\bne (?:m|me )(?:envoyez|envoie|contactez|ecrivez) plus\b|\b(?:desabonnez|desinscrivez) moi\b/,
  /\bkeine (?:weiteren )?(?:nachrichten|sms)(?: mehr)?$|\b(?:schreib|schreiben|kontaktieren) (?:sie )?(?:mir|mich) nicht mehr\b|\bmich (?:bitte )?abmelden\b/,
  /\bparem? de (?:me )?(?:enviar|mandar|escrever)|\bnao (?:me )?(?:enviem?|mandem?|escrevam?) mais\b|\bnao quero (?:mais )?receber\b/,
  /\bsmett(?:i|ete|etela) di (?:scriver|mandar|inviar)|\bnon (?:scriver|mandar|inviar)\w* piu\b|\bbasta (?:messaggi|sms)\b/,
  /\bstop met (?:het )?(?:sturen|sms|appen|berichten)|\bgeen (?:berichten|sms|smsjes) meer\b|\b(?:schrijf|meld) (?:me|mij) (?:uit|af)\b/,
  /\bprzestan(?:cie)? (?:pisac|wysylac)|\bnie (?:pisz|piszcie|wysylaj|wysylajcie)(?: do mnie| mi)?(?: juz)? wiecej\b|\bwypisz(?:cie)? mnie\b/,
]

const LINE_END = /[\r\n]/
/** Longer texts are letters, in which such words are found by chance. */
const LONGEST_WISH = 480

/**
 * True when a text seems to ask for no more texts without being a keyword under these options: "please stop texting me",
 * "remove me from your list", a stop word of a language that is not on, or one on a first line with a signature below.
 * For a person's review; nothing is blocked by it.
 */
export function looksLikeOptOutWish(body: string, options: OptOutOptions = {}): boolean {
  if (body.length > LONGEST_WISH) return false
  const words = plainWords(body)
  if (body.length <= LONGEST_KEYWORD_TEXT && keywordOf(words, options)) return false
  const firstLine = LINE_END.test(body) ? plainWords(body.trim().split(LINE_END, 1)[0] ?? '') : words
  if (keywordOf(firstLine, { ...options, languages: LANGUAGES })?.kind === 'stop') return true
  return WISHES.some(wish => wish.test(words))
}
