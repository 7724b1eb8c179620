/**
 * Twilio's smart encoding: look-alikes of GSM-7 characters become those characters, so that one typographic quote does
 * not double the segments of a text.
 */
import { countSegments, encodingOf } from './segments.ts'

/**
 * Each replacement and all characters it stands in for. Source: Twilio, "List of characters replaced by Smart Encoding",
 * but for spaces, which stay one space (its table writes two), and the last group of each kind, which it lacks.
 */
const LOOK_ALIKES: readonly (readonly [string, string])[] = [
  ['"', '«»“”ʺˮ‟„❝❞〝〞＂' + '″‶'],
  ["'", '‘’ʻˈʼʽʹ‛＇´ˊ`ˋ❛❜\u0313\u0314\ufe10\ufe11' + '′‵'],
  ['-', '⎼⎽―﹣－‐⁃—–•' + '\u2011\u2012\u2212'],
  ['_', '\u0332＿‗'],
  ['/', '÷⧸\u0337\u0338⁄∕／'],
  ['\\', '⧹⧵\u20e5﹨＼'],
  ['|', '\u20d2\u20d3∣｜⎸⎹⏐⎜⎟'],
  ['@', '﹫＠'],
  ['$', '﹩＄'],
  ['!', 'ǃ︕﹗！'],
  ['!!', '‼'],
  ['?', '︖﹖？'],
  ['#', '﹟＃'],
  ['%', '﹪％'],
  ['&', '﹠＆'],
  [',', '‚\u0326﹐﹑，､、'],
  ['.', '。﹒．｡'],
  ['...', '…'],
  [':', 'ː˸⦂꞉︓：'],
  [';', '⁏︔﹔；'],
  ['(', '❨❪﹙（⟮⦅'],
  [')', '❩❫﹚）⟯⦆'],
  ['[', '［'],
  [']', '］'],
  ['{', '❴﹛｛'],
  ['}', '❵﹜｝'],
  ['<', '﹤＜‹'],
  ['>', '﹥＞›'],
  ['=', '\u0347꞊﹦＝'],
  ['+', '˖﹢＋'],
  ['*', '⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆﹡＊'],
  ['^', 'ˆ\u0302＾\u1dcd'],
  ['~', '˜˷\u0303\u0330\u0334∼～'],
  ['1/4', '¼'],
  ['1/2', '½'],
  ['3/4', '¾'],
  [' ', '\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000'],
  [' ', '\t\u2028\u2029\u0080\u008d\u0090\u009b\u009f' + '\u1680\u0085'],
  ['', '\u0000\u0003\u0004\u0010\u0011\u0012\u0013\u0014\u0017\u0019\u200b\u200c\u2060\ufeff' + '\u00ad\u200e\u200f'],
  ['ff', 'ﬀ'],
  ['fi', 'ﬁ'],
  ['fl', 'ﬂ'],
  ['ffi', 'ﬃ'],
  ['ffl', 'ﬄ'],
  ['st', 'ﬅﬆ'],
]

/** Full-width digits and letters, and small capitals (which Unicode does not have for Q and X), in the order of the alphabet. */
const FULL_WIDTH =
  '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ'
const PLAIN = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SMALL_CAPITALS = 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ'
const CAPITALS = 'ABCDEFGHIJKLMNOPRSTUVWYZ'

const replacements = new Map<string, string>()
for (const [replacement, characters] of LOOK_ALIKES) {
  for (const character of characters) replacements.set(character, replacement)
}
for (const [i, character] of [...FULL_WIDTH].entries()) replacements.set(character, PLAIN[i]!)
for (const [i, character] of [...SMALL_CAPITALS].entries()) replacements.set(character, CAPITALS[i]!)

/**
 * The text with its look-alikes replaced when that makes all of it GSM-7 and no longer in segments (70 ellipses would
 * be). Else the text as it was: sent as UCS-2 either way, it would only lose its typography. A letter written with a
 * combining accent becomes the one letter.
 */
export function smartEncode(text: string): string {
  if (encodingOf(text) === 'gsm7') return text
  const replaced = Array.from(text.normalize('NFC'), character => replacements.get(character) ?? character).join('')
  return encodingOf(replaced) === 'gsm7' && countSegments(replaced) <= countSegments(text) ? replaced : text
}
