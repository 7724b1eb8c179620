import Type from 'typebox'

export const Nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([Type.Null(), schema])

export const DateTime = Type.String({ format: 'date-time' })

export const HttpUrl = Type.String({ format: 'url', pattern: '^https?://', maxLength: 2048 })
