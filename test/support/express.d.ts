/** As much of Express as tests use; it comes without types. */
declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Request extends IncomingMessage {
    body: Record<string, string>
    session: { count?: number }
  }
  export interface Response extends ServerResponse {
    type(name: string): Response
    send(body: string): Response
    sendStatus(status: number): Response
  }
  export type NextFunction = () => void
  export type Handler = (request: Request, response: Response, next: NextFunction) => void
  export interface Application {
    (request: IncomingMessage, response: ServerResponse): void
    use(...handlers: Handler[]): void
    post(path: string, ...handlers: Handler[]): void
  }
  interface Express {
    (): Application
    urlencoded(options: { extended: boolean }): Handler
  }
  const express: Express
  export default express
}

declare module 'express-session' {
  import type { Handler } from 'express'

  const session: (options: {
    secret: string
    resave: boolean
    saveUninitialized: boolean
    cookie?: { maxAge: number }
  }) => Handler
  export default session
}
