export type SignInReason =
  | 'client_unknown'
  | 'client_secret_wrong'
  | 'client_not_trusted'
  | 'password_wrong'
  | 'locked'
  | 'jwt_wrong'
  | 'refresh_revoked'
  | 'code_wrong'
  | 'redirect_wrong'
  | 'verifier_wrong'

/** Somebody may not come in; `reason` is for dialects to spell and tells no more than they may say. */
export class SignInRefused extends Error {
  readonly reason: SignInReason

  constructor(reason: SignInReason, message: string) {
    super(message)
    this.name = 'SignInRefused'
    this.reason = reason
  }
}
