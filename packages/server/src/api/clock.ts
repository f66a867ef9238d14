import type { Handler } from './handler.ts'

/** Server time; also what browsers send to keep their connection. [REQ1] */
export const getClock: Handler<'getClock'> = ({ services }) => ({
  body: { currentTime: services.clock.now() },
})

export const keepAlive: Handler<'keepAlive'> = () => ({ body: 'OK' })
