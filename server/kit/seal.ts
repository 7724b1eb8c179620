import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** The first byte tells how the rest is sealed, so that it can change one day. */
const FORMAT = 1

/** Keeps secrets readable to us alone: AES-256-GCM under a key made of the given text. */
export interface Seal {
  seal(secret: string): Buffer
  /** Throws when the bytes were sealed under another key or changed since. */
  open(sealed: Uint8Array): string
}

export function openSeal(keyText: string): Seal {
  const key = createHash('sha256').update(keyText).digest()
  return {
    seal(secret) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce)
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([FORMAT]), nonce, cipher.getAuthTag(), sealed])
    },
    open(sealed) {
      const bytes = Buffer.from(sealed)
      if (bytes[0] !== FORMAT) throw new Error('The secret is sealed in an unknown format.')
      const nonce = bytes.subarray(1, 1 + NONCE_BYTES)
      const tag = bytes.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv(ALGORITHM, key, nonce)
      decipher.setAuthTag(tag)
      return decipher.update(bytes.subarray(1 + NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}
