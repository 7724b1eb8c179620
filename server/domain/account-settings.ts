/** What the owner of an account may set for all of it. */
export interface AccountSettings {
  /** Files of texts are shown only to who has the account's credentials; else to who knows their URL. */
  mediaNeedsAuth: boolean
}

/** Reads the settings of an account; what is not there is as by default. */
export function accountSettings(settings: Record<string, unknown>): AccountSettings {
  return { mediaNeedsAuth: settings.mediaNeedsAuth === true }
}
