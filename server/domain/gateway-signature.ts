import Type, { type Static } from 'typebox'
import { Path, Strict, Template } from './gateway-values.ts'

const Tolerance = Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 }))

/** How a request shows that it comes from the gateway. */
export const GatewaySignature = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('hmac'),
      header: Type.String({ minLength: 1 }),
      key: Template,
      algorithm: Type.Optional(Type.Enum(['sha1', 'sha256', 'sha512'])),
      encoding: Type.Optional(Type.Enum(['hex', 'base64'])),
      /** What goes before the signature in its header, such as `sha256=`. */
      prefix: Type.Optional(Type.String()),
      /** `{body}` unless said. */
      signs: Type.Optional(Template),
      /** Where the time of the request is, where the gateway tells one. */
      timestamp: Type.Optional(Path),
      toleranceSeconds: Tolerance,
    },
    Strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('ed25519'),
      header: Type.String({ minLength: 1 }),
      /** 32 bytes. */
      publicKey: Template,
      encoding: Type.Optional(Type.Enum(['hex', 'base64'])),
      signs: Type.Optional(Template),
      timestamp: Type.Optional(Path),
      toleranceSeconds: Tolerance,
    },
    Strict,
  ),
  /** A JSON Web Token in `Authorization`, HS256, that may carry the SHA-256 of the body. */
  Type.Object(
    {
      kind: Type.Literal('jwt'),
      key: Template,
      /** The claim that has the hash of the body, in hexadecimal. */
      bodyHash: Type.Optional(Type.String({ minLength: 1 })),
      toleranceSeconds: Tolerance,
    },
    Strict,
  ),
  /** A secret that the gateway shows. In a query it is part of the URLs that the gateway is given. */
  Type.Object(
    {
      kind: Type.Literal('token'),
      header: Type.Optional(Type.String({ minLength: 1 })),
      query: Type.Optional(Type.String({ minLength: 1 })),
      equals: Template,
    },
    Strict,
  ),
  Type.Object({ kind: Type.Literal('basic'), user: Template, password: Template }, Strict),
])
export type GatewaySignature = Static<typeof GatewaySignature>
