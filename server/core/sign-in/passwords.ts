import { hash, verify } from '@node-rs/argon2'

/** Argon2id with the package's defaults, which are OWASP's: 19 MiB, two passes, one lane. */
export function hashPassword(password: string): Promise<string> {
  return hash(password)
}

/** What a user without a password is checked against, so that the answer takes as long as any. */
let nobody: Promise<string> | null = null

/** Whether the password is right; with no hash it never is, and takes as long to say so. */
export async function isPassword(passwordHash: string | null, password: string): Promise<boolean> {
  if (passwordHash !== null) return verify(passwordHash, password)
  nobody ??= hash('nobody')
  await verify(await nobody, password)
  return false
}
